import { expect } from "chai";
import { Connector } from "../../../lib/core/signal/connector";
import { UsageError } from "../../../lib/errors";
import { failure } from "../../support/failure";

interface Attempt {
  readonly signal: AbortSignal;
  readonly succeed: (item: object) => void;
  readonly fail: (error: Error) => void;
}

function scripted() {
  const attempts: Attempt[] = [];
  const closed: object[] = [];
  const opened: object[] = [];
  class TestConnector extends Connector<object> {
    protected override opened(item: object): void {
      opened.push(item);
    }
  }
  const connector = new TestConnector({
    place: "lab/x",
    error: UsageError,
    open: (_timeout, signal) =>
      new Promise((succeed, fail) => {
        attempts.push({ signal, succeed, fail });
      }),
    close: (item) => closed.push(item),
  });
  return { connector, attempts, closed, opened };
}

describe("Connector", () => {
  it("opens once for all callers of connect, and again after dispose", async () => {
    const { connector, attempts, closed, opened } = scripted();
    const both = Promise.all([connector.connect(1), connector.connect(1)]);
    const [one, two] = [{}, {}];
    attempts[0]?.succeed(one);
    await both;
    await connector.connect(1);
    expect(connector.item).to.equal(one);
    connector.dispose();
    expect(connector.item).to.equal(undefined);
    expect(() => connector.connected).to.throw(UsageError, "lab/x is not connected: connect its device first");
    const again = connector.connect(1);
    attempts[1]?.succeed(two);
    await again;
    expect([attempts.length, opened, closed]).to.deep.equal([2, [one, two], [one]]);
    expect(connector.item).to.equal(two);
  });

  it("opens again after a failure", async () => {
    const { connector, attempts } = scripted();
    const failed = failure(connector.connect(1));
    attempts[0]?.fail(new Error("nobody is there"));
    expect((await failed).message).to.equal("nobody is there");
    const again = connector.connect(1);
    attempts[1]?.succeed({});
    await again;
  });

  it("closes an item that opens after dispose, also while it connects again", async () => {
    const { connector, attempts, closed, opened } = scripted();
    const early = failure(connector.connect(1));
    connector.dispose();
    expect(attempts[0]?.signal.aborted).to.equal(true);
    const later = connector.connect(1);
    const [one, two] = [{}, {}];
    attempts[0]?.succeed(one);
    expect((await early).message).to.equal("lab/x was disposed while it connected");
    attempts[1]?.succeed(two);
    await later;
    expect([connector.item, closed, opened]).to.deep.equal([two, [one], [two]]);
  });
});
