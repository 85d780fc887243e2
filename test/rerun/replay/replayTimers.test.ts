/** When the timers of the process are fired while a recording is replayed. */

import { expect } from "chai";
import { useClock } from "../../../lib/clock";
import { useJournal } from "../../../lib/journal";
import { parseRecording } from "../../../lib/rerun";
import { ReplayMarks } from "../../../lib/rerun/replay/replayMarks";
import { ReplayTimers } from "../../../lib/rerun/replay/replayTimers";
import { VirtualClock } from "../../../lib/rerun/replay/virtualClock";
import { PendingRequest } from "../../../lib/secop/link/pendingRequest";
import type { RawMessage } from "../../../lib/secop/wire/secopMessage";

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
    const at = { position: 2 };
    const marks = new ReplayMarks(parseRecording(text, "a.rec"), clock, () => at.position);
    const timers = new ReplayTimers(clock, marks, () => at.position);
    const fired: string[] = [];
    clock.timer(2.669, () => fired.push("pause"), { wakes: true });
    return { clock, timers, fired, marks, at };
  }

  it("let what was received shortly after a pause was due cancel it, as the recorded process did, which was late", () => {
    const { timers, fired } = replayed();
    expect(timers.fireBefore(2.671)).to.equal(false);
    expect(fired).to.deep.equal([]);
  });

  it("end a pause of which the recording says nothing before what came much later", () => {
    const { clock, timers, fired } = replayed();
    expect(timers.fireBefore(3.6)).to.equal(false);
    expect(timers.fireBefore(3.7)).to.equal(true);
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

  it("let all come first that came before a pause ended, however late the recorded process saw its end", () => {
    const late = "    4.671 0 * woke 2.002 s late\n";
    const { timers, fired } = replayed(`${RECORDING}    3.500 1 < update cryo:value [30, {}]\n${late}`);
    for (const line of [2.671, 3.5, 4.671]) expect(timers.fireBefore(line), `${line} s`).to.equal(false);
    expect(fired).to.deep.equal([]);
    // What is said of another pause, which was due later, is no reason to wait.
    const other = replayed(`${RECORDING}    3.700 1 < update cryo:value [30, {}]\n    4.671 0 * woke\n`);
    expect(other.timers.fireBefore(3.7)).to.equal(true);
  });

  it("give a document the time at which a busy process made it, if nothing was received in between", () => {
    const text = `${RECORDING}    5.100 0 * event primary @ 5.1\n`;
    const { clock, marks, at } = replayed(text);
    clock.moveTo(2.671);
    // The update is still to come: so long after it was another event.
    expect(marks.time("event primary", 1)).to.equal(1);
    at.position = 3;
    expect(marks.time("event primary", 1)).to.equal(1796054940.1);
    expect(marks.time("event primary", 1)).to.equal(1);
  });

  it("end pauses at their time in recordings that do not say when pauses ended", () => {
    const { timers } = replayed(RECORDING.replace("    1.000 0 * woke\n", ""));
    expect(timers.fireBefore(2.671)).to.equal(true);
  });

  it("let an update count as the reply to a read only where it did in the recording, however late that was", async () => {
    const clock = new VirtualClock(1796054935);
    const marks: string[] = [];
    const journal = { mark: (words: string) => void marks.push(words), number: () => 0, time: () => 0 };
    const restore = [useClock(clock), useJournal(journal)];
    const message = (json: string): RawMessage => ({ action: "reply", specifier: "cryo:value", json });
    const read = () => {
      const seen: (string | undefined)[] = [];
      const caller = { resolve: ({ json }: RawMessage) => void seen.push(json), reject: () => {} };
      const request = new PendingRequest("read", "cryo:value", 10, {}, caller);
      request.settleLater(message("1"), 0.1);
      request.settleLater(message("2"), 0.1);
      return { request, seen };
    };
    const offered = () => clock.next(({ options }) => options.wakes === true);
    try {
      const replied = read();
      expect(offered()?.due).to.equal(0.1);
      replied.request.settle(message("3"));
      expect([replied.seen, offered()]).to.deep.equal([["3"], undefined]);
      const silent = read();
      const timer = offered();
      clock.moveTo(0.1);
      timer?.fire();
      await new Promise((resolve) => setImmediate(resolve));
      expect([silent.seen, marks]).to.deep.equal([["2"], ["woke"]]);
    } finally {
      for (const stop of restore) stop();
    }
  });
});
