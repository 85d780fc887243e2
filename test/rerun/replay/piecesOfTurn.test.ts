/** Which of what was recorded in one turn of the event loop is handed over together. */

import { expect } from "chai";
import { parseRecording } from "../../../lib/rerun";
import { piecesOfTurn } from "../../../lib/rerun/replay/piecesOfTurn";
import { ReplayMarks } from "../../../lib/rerun/replay/replayMarks";
import { VirtualClock } from "../../../lib/rerun/replay/virtualClock";

/** A busy process: one turn received the answers of the first connection and, after a request, of the second. */
const recordingWith = (mark: string) => `#secop-recording 1
#start 1796054935 2026-11-30T16:08:55.000Z
#seed 1
    0.500 1 + 127.0.0.1:10767
    0.510 2 + 127.0.0.1:10767
    0.708 1 < checked cryo:target [5, {"t": 0.707}]
          1 < checked cryo:target [6, {"t": 0.707}]
    0.712 0 * ${mark}
    0.717 1 > change cryo:target 5
        = 2 < ISSE,SECoP,V2019-09-16,v1.0
    0.718 1 < changed cryo:target [5, {"t": 0.718}]
`;

describe("what was received in one turn of the event loop", () => {
  function pieces(mark: string): number[][] {
    const recording = parseRecording(recordingWith(mark), "a.rec");
    const marks = new ReplayMarks(recording, new VirtualClock(recording.start), () => 2);
    return piecesOfTurn(recording.lines, 2, (line) => marks.isReached(line));
  }

  it("is handed over in one turn, with requests and marks between its pieces", () => {
    expect(pieces("scan_id = 1")).to.deep.equal([[2, 3], [6]]);
  });

  it("is handed over up to a mark at which the process waits for the replay: else the second connection would be ready before the change, which then took it", () => {
    expect(pieces("reached open_run")).to.deep.equal([[2, 3]]);
  });
});
