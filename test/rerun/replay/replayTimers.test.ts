/** When the timers of the process are fired while a recording is replayed. */

import { expect } from "chai";
import { parseRecording } from "../../../lib/rerun";
import { ReplayMarks } from "../../../lib/rerun/replay/replayMarks";
import { ReplayTimers } from "../../../lib/rerun/replay/replayTimers";
import { VirtualClock } from "../../../lib/rerun/replay/virtualClock";

/** A pause ends at 1 s; nothing is said of a later one. */
const RECORDING = `#secop-recording 1
#start 1796054935 2026-11-30T16:08:55.000Z
#seed 1
    0.500 1 + 127.0.0.1:10767
    1.000 0 * woke
    2.671 1 < update cryo:value [29.98, {"t": 2.667}]
`;

describe("the timers of a replay", () => {
  function replayed(text = RECORDING) {
    const clock = new VirtualClock(1796054935);
    const marks = new ReplayMarks(parseRecording(text, "a.rec"), clock);
    const timers = new ReplayTimers(clock, marks, () => 2);
    const fired: string[] = [];
    clock.timer(2.669, () => fired.push("pause"), { wakes: true });
    return { clock, timers, fired };
  }

  it("let what was received shortly after a pause was due cancel it, as the recorded process did, which was late", () => {
    const { timers, fired } = replayed();
    expect(timers.fireBefore(2.671)).to.equal(false);
    expect(fired).to.deep.equal([]);
  });

  it("end a pause of which the recording says nothing before what came much later", () => {
    const { clock, timers, fired } = replayed();
    expect(timers.fireBefore(2.9)).to.equal(true);
    expect(fired).to.deep.equal(["pause"]);
    expect(clock.elapsed).to.equal(2.669);
  });

  it("end it where something is waited for that it may lead to", () => {
    const { timers, fired } = replayed();
    expect(timers.fireWithin(2.671)).to.equal(true);
    expect(fired).to.deep.equal(["pause"]);
  });

  it("look after an order or a connection no earlier than the recorded process did", () => {
    for (const options of [{ idle: true }, { order: true }]) {
      const { clock, timers, fired } = replayed();
      clock.timer(2.6, () => fired.push("question"), options);
      expect(timers.fireBefore(2.671)).to.equal(false);
      // The question stands in the recording.
      expect(timers.fireWithin(2.671)).to.equal(true);
      expect(fired).to.deep.equal(["question"]);
    }
  });

  it("end pauses at their time in recordings that do not say when pauses ended", () => {
    const { timers } = replayed(RECORDING.replace("    1.000 0 * woke\n", ""));
    expect(timers.fireBefore(2.671)).to.equal(true);
  });
});
