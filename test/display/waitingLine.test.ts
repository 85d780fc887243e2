/** The line that says who has not answered yet, in a cell and elsewhere. */

import { expect } from "chai";
import { withWaitingLine } from "../../lib/display/waitingLine";
import { failureText } from "../support/failure";
import { RecordingHost } from "../support/recordingHost";
import { until } from "../support/until";

/** A host in whose cell the code of the test runs. */
class CellHost extends RecordingHost {
  readonly #cell = new AbortController();

  override currentSignal(): never {
    // The base class has no cell, which its type says.
    return this.#cell.signal as never;
  }
}

/** Something that answers when the test says so. */
function late(name: string, words = "does not answer yet") {
  let answer: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const answered = new Promise<void>((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  const work = withWaitingLine(name, (awaits) => {
    awaits(words, 10);
    return answered;
  });
  return { work, answer, fail };
}

describe("the line of what is awaited", () => {
  let host: RecordingHost;
  afterEach(() => host.release());

  it("is shown in a cell while an answer is missing, and says how that ended", async () => {
    host = new CellHost(true);
    const [psu, cryo, quick] = [late("psu:1"), late("cryo:2", "has not sent its description yet"), late("quick:3")];
    quick.answer();
    await quick.work;
    await until(() => host.frames.length > 0);
    expect(host.outputs[0]?.["text/plain"]).to.match(
      /^psu:1 +\[#*-*\] \d s of 10 s · does not answer yet\ncryo:2 +\[#*-*\] \d s of 10 s · has not sent its description yet$/,
    );
    psu.answer();
    cryo.fail(new Error("gone"));
    await psu.work;
    expect(await failureText(cryo.work)).to.equal("gone");
    expect(host.outputs).to.have.length(1);
    expect(host.outputs[0]?.["text/plain"]).to.match(/^psu:1 .*answered after \d s\ncryo:2 .*gave up after \d s$/);
  });

  it("names eight at most", async () => {
    host = new CellHost(true);
    const all = Array.from({ length: 11 }, (_, i) => late(`pv${i}`));
    await until(() => host.frames.length > 0);
    expect(host.text.split("\n").at(-1)).to.equal("and 3 more");
    for (const { answer } of all) answer();
    await Promise.all(all.map(({ work }) => work));
  });

  it("is printed once where nothing can be replaced, and to stderr outside of cells", async () => {
    host = new CellHost(false);
    const psu = late("psu:1");
    await until(() => host.frames.length > 0);
    expect(host.text).to.match(/^still waiting: psu:1 does not answer yet \(\d s\), gives up after 10 s$/);
    psu.answer();
    await psu.work;
    expect(host.frames).to.have.length(1);
    host.release();
    host = new RecordingHost(false);
    const warnings: string[] = [];
    const original = console.warn;
    console.warn = (text: string) => warnings.push(text);
    try {
      const other = late("psu:\u001b[31m2");
      await until(() => warnings.length > 0);
      other.answer();
      await other.work;
    } finally {
      console.warn = original;
    }
    expect(warnings).to.have.length(1);
    expect(warnings[0])
      .to.match(/^still waiting: psu:\S*2 does not answer yet/)
      .and.not.include("\u001b");
    expect(host.frames).to.deep.equal([]);
  });
});
