import { expect } from "chai";
import { useClock } from "../../../lib/clock";
import { VirtualClock } from "../../../lib/rerun/replay/virtualClock";
import { Deadlines } from "../../../lib/secop/link/deadlines";
import { PendingRequest, type RequestOptions } from "../../../lib/secop/link/pendingRequest";

describe("The deadlines of a connection", () => {
  const clock = new VirtualClock(1796054935);
  let restore: () => void;
  let requests: PendingRequest[];
  let deadlines: Deadlines;
  let events: string[];

  beforeEach(() => {
    restore = useClock(clock);
    requests = [];
    events = [];
    deadlines = new Deadlines(
      () => requests,
      (request, reason) => events.push(`${request.specifier} overdue: ${reason}`),
    );
  });

  afterEach(() => restore());

  function send(specifier: string, options: RequestOptions = {}): PendingRequest {
    const caller = {
      resolve: () => {},
      reject: (error: unknown) => void events.push(`${specifier} failed: ${String((error as Error).message)}`),
    };
    const request = new PendingRequest("read", specifier, 10, options, caller);
    requests.push(request);
    deadlines.lookAt(request.due);
    return request;
  }

  /** Lets time pass, timer by timer. */
  async function pass(seconds: number): Promise<void> {
    const end = clock.elapsed + seconds;
    for (let timer = clock.next(); timer && timer.due <= end; timer = clock.next()) {
      clock.moveTo(timer.due);
      timer.fire();
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.moveTo(end);
  }

  it("end the wait of a caller first, and then the time that the node has for its reply", async () => {
    send("a:value", { timeout: 1 });
    await pass(1.5);
    expect(events.splice(0)).to.deep.equal(['a:value failed: no answer to "read a:value" within 1 s']);
    await pass(8);
    expect(events).to.deep.equal([]);
    await pass(1);
    expect(events).to.deep.equal(['a:value overdue: no answer to "read a:value" within 10 s']);
    await pass(100);
    expect(events).to.have.length(1);
  });

  it("pass in their own order, whatever the order of the requests", async () => {
    send("a:value", { timeout: 3 });
    send("b:value", { timeout: 2 });
    send("c:value", { timeout: Number.POSITIVE_INFINITY });
    send("d:value", { timeout: 1 });
    await pass(9);
    expect(events.map((text) => text.slice(0, 1))).to.deep.equal(["d", "b", "a"]);
  });

  it("do not pass for a request that was answered", async () => {
    const answered = send("a:value", { timeout: 1 });
    requests.splice(requests.indexOf(answered), 1);
    await pass(20);
    expect([events, clock.next()]).to.deep.equal([[], undefined]);
  });

  it("leave a request that was aborted to the node for as long as it may take", async () => {
    const abort = new AbortController();
    send("a:value", { timeout: 1, signal: abort.signal });
    abort.abort(new Error("not wanted any more"));
    await pass(9.9);
    expect(events).to.deep.equal(["a:value failed: not wanted any more"]);
    await pass(0.2);
    expect(events.at(-1)).to.equal('a:value overdue: no answer to "read a:value" within 10 s');
  });

  it("need no timer any more once the connection has ended", async () => {
    send("a:value");
    deadlines.end();
    send("b:value");
    expect(clock.next()).to.equal(undefined);
  });
});
