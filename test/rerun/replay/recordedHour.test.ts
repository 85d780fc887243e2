/** An hour of a ramp is replayed in seconds; `npm run bench -- rerun` measures how many. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRecording } from "../../../lib/rerun";
import { recordHour, replayHour } from "../recordedHour";
import { documentText, expectSameDocuments } from "../sameDocuments";

describe("the recording of an hour with 60 parameters", function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hour-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is packed, and gives the same documents again", async () => {
    const hour = await recordHour(join(folder, "hour.rec"), 1);
    expect(hour.path).to.equal(join(folder, "hour.rec.gz"));
    expect(hour.packed).to.be.below(hour.bytes / 3);
    const { lines } = readRecording(hour.path);
    expect((lines.at(-1)?.at ?? 0) - (lines[0]?.at ?? 0)).to.be.within(3590, 3700);
    const updates = lines.filter(({ sign, text }) => sign === "<" && text.startsWith("update "));
    expect(updates.length).to.be.greaterThan(200_000);
    const again = await replayHour(hour.path);
    expectSameDocuments(documentText(again), documentText(hour));
    expect(again.documents.filter(([name]) => name === "event").length).to.be.within(360, 365);
    expect(again.text).to.match(/ 0 reads from the state, 0 refused$/);
  });
});
