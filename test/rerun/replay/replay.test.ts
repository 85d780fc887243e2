/**
 * A measurement on a real frappy node is recorded, and replayed without it: documents are the same to the
 * byte.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ExactReplay, parseRecording, readRecording, startRecording } from "../../../lib/rerun";
import { startFrappy } from "../../peers/frappy";
import { runProgram } from "../../peers/peers";
import { type Measured, measureCryostat } from "../measurement";
import { documentText, expectSameDocuments } from "../sameDocuments";

/** How often the recording is replayed. */
const TIMES = 50;

describe("a measurement on a frappy node that was recorded", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "rerun-"));
  const path = join(folder, "cryo.rec");
  let uri: string;
  let original: Measured;

  before(async () => {
    const server = await startFrappy("quickCryo");
    uri = server.uri;
    const recording = startRecording(path);
    try {
      original = await measureCryostat(uri);
    } finally {
      recording.close();
      await server.stop();
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  async function replay(targets?: readonly number[], strict = false) {
    const exact = new ExactReplay(readRecording(path), { strict }).start();
    try {
      return { measured: await measureCryostat(uri, targets), exact };
    } finally {
      exact.stop();
    }
  }

  it("gives the same documents, errors and results without the node", async () => {
    const { measured, exact } = await replay();
    expectSameDocuments(documentText(measured), documentText(original));
    expect(measured.printed).to.deep.equal(original.printed);
    expect(original.documents.filter(([name]) => name === "event").length).to.be.greaterThan(10);
    expect(exact.text).to.match(/^replayed cryo\.rec: \d+ requests as recorded, 0 reads from the state, 0 refused$/);
  });

  it(`gives them ${TIMES} times, also while the process has other work to do`, async () => {
    // Work that takes the processor in pieces of some milliseconds, as views and other kernels do.
    let busy = true;
    const work = (): void => {
      for (const end = performance.now() + 3; performance.now() < end; );
      if (busy) setImmediate(() => setTimeout(work, 1));
    };
    work();
    try {
      const expected = documentText(original);
      for (let i = 0; i < TIMES; i++) expectSameDocuments(documentText((await replay()).measured), expected);
    } finally {
      busy = false;
    }
  });

  it("says which values were recorded where the measurement asks for another one", async () => {
    const error = await replay([24, 27]).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.contain(
      'no "change cryo:target 25.5" was recorded: 24, 25, 26, 30, 60 were; record again',
    );
  });

  it("runs on with fewer points, and says what was never asked", async () => {
    const fewer = new ExactReplay(parseRecording(readFileSync(path, "utf8"), "cryo.rec")).start();
    const measured = await measureCryostat(uri, [24, 24]).finally(() => fewer.stop());
    expect(measured.printed).to.deep.equal(original.printed);
    expect(fewer.text).to.match(/ 0 refused; never asked: 2 changes or commands, \d+ reads \(change cryo:target 25\)$/);
  });

  it("keeps a program alive that waits for it, and has nothing else to wait for", async () => {
    const script = ["--import=tsx", "test/rerun/replay/replayedProgram.ts", path, uri];
    const { code, stdout, stderr } = await runProgram(process.execPath, script, { timeout: 100 });
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(JSON.parse(stdout)).to.deep.equal(original.printed);
  });

  it("refuses what the recording is past, and says where it was", async () => {
    const error = await replay([26, 24]).catch((reason: Error) => reason);
    expect(String(error)).to.match(
      /"change cryo:target 25" comes too late: the recording is past it \(line \d+, [\d.]+ s\); record again/,
    );
  });
});
