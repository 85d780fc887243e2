import { expect } from "chai";
import { useClock } from "../../../lib/clock";
import type { DataKeys } from "../../../lib/core/protocols/protocols";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { StandardDetector, type StreamAsset, type TriggerInfo } from "../../../lib/core/standard/standardDetector";
import { VirtualClock } from "../../../lib/rerun/replay/virtualClock";
import { failureText } from "../../support/failure";

/** A detector whose frames are written when the test says so, and what its control was asked to do. */
function camera() {
  const written = softSignalRw(0);
  const done: unknown[] = [];
  const control = {
    prepare: (info: TriggerInfo) => void done.push(info),
    acquire: async (frames: number) => void done.push(frames),
    stop: () => void done.push("stop"),
  };
  const writer = {
    written,
    open: (name: string): DataKeys => ({
      [name]: { source: "file", dtype: "array", shape: [1, 2, 2], external: "STREAM:" },
    }),
    *documents(start: number, stop: number): Generator<StreamAsset> {
      const seq_nums = { start: 0, stop: 0 };
      const ids = { uid: `frames/${start}`, stream_resource: "file", descriptor: "" };
      yield ["stream_datum", { ...ids, indices: { start, stop }, seq_nums }];
    },
    close: () => void done.push("close"),
  };
  return { detector: new StandardDetector(control, writer, "camera"), written, done };
}

const indices = async (detector: StandardDetector, index?: number) => {
  const found: unknown[] = [];
  for await (const [, doc] of detector.collectAssetDocs(index)) if ("indices" in doc) found.push(doc.indices);
  return found;
};

const turns = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("StandardDetector", () => {
  it("counts the frames of a flight from its kickoff, also after frames of a step scan", async () => {
    const { detector, written } = camera();
    await detector.prepare({});
    const point = detector.trigger();
    await turns();
    await written.set(1);
    await point;
    await detector.prepare({ frames: 5 });
    await detector.kickoff();
    const flight = detector.complete();
    const progress: unknown[] = [];
    flight.watch(({ current }) => progress.push(current));
    await written.set(5);
    await turns();
    expect(flight.done).to.equal(false);
    expect(await indices(detector)).to.deep.equal([{ start: 0, stop: 5 }]);
    await written.set(6);
    await flight;
    expect(progress).to.deep.equal([0, 4, 5]);
    expect(await indices(detector)).to.deep.equal([{ start: 5, stop: 6 }]);
  });

  it("documents frames up to an index, and the others later", async () => {
    const { detector, written } = camera();
    await detector.prepare({ frames: 5 });
    await written.set(5);
    expect(await indices(detector, 3)).to.deep.equal([{ start: 0, stop: 3 }]);
    expect(await indices(detector)).to.deep.equal([{ start: 3, stop: 5 }]);
    expect(await indices(detector)).to.deep.equal([]);
  });

  it("takes prepared frames once, and is prepared anew for more", async () => {
    const { detector, done } = camera();
    const unprepared = "camera is not prepared: use prepare before kickoff";
    expect(await failureText(detector.kickoff())).to.equal(unprepared);
    await detector.prepare({ frames: 2 });
    expect(await failureText(detector.complete())).to.equal("camera takes no frames: kickoff first");
    await detector.kickoff();
    expect(await failureText(detector.kickoff())).to.equal(unprepared);
    await detector.prepare({ frames: 3, exposure: 0.1 });
    await detector.kickoff();
    expect(done).to.deep.equal([{ frames: 2 }, 2, { frames: 3, exposure: 0.1 }, 3]);
    await detector.prepare({});
    await detector.unstage();
    expect(await failureText(detector.kickoff())).to.equal(unprepared);
  });

  it("completes the flight of the last kickoff, although nobody waited for that kickoff", async () => {
    const { detector, written } = camera();
    for (const end of [2, 4]) {
      await detector.prepare({ frames: 2 });
      const departure = detector.kickoff();
      const flight = detector.complete();
      await departure;
      await turns();
      expect(flight.done).to.equal(false);
      await written.set(end);
      await flight;
    }
    expect(await indices(detector)).to.deep.equal([{ start: 0, stop: 4 }]);
  });

  it("can be kicked off again if it was stopped before it took a frame", async () => {
    const { detector, done } = camera();
    await detector.prepare({ frames: 2 });
    const departure = detector.kickoff();
    const flight = detector.complete();
    await detector.stop();
    expect(await failureText(departure)).to.equal("camera was stopped");
    expect(await failureText(flight)).to.equal("camera was stopped");
    await detector.kickoff();
    expect(done).to.deep.equal([{ frames: 2 }, "stop", 2]);
  });

  it("refuses frames, exposures, triggers and options that make no sense", async () => {
    const { detector, done } = camera();
    const refused = (info: object) => failureText(detector.prepare(info as TriggerInfo));
    expect(await refused({ frames: 0 })).to.equal("camera cannot take 0 frames: use a whole number from 1 up");
    expect(await refused({ exposure: -1 })).to.equal("camera cannot expose for -1 s: use a time from 0 s up");
    expect(await refused({ exposure: Number.NaN })).to.contain("cannot expose for NaN s");
    expect(await refused({ trigger: "ttl" })).to.equal(
      'camera cannot be triggered by "ttl": use internal, edge, level',
    );
    expect(await refused({ frame: 3 })).to.equal(
      "prepare of camera has no option frame (frames?): it takes frames, exposure, trigger",
    );
    expect(done).to.deep.equal([]);
  });

  it("fails when no further frame is written for a minute after all were taken", async () => {
    const clock = new VirtualClock(1_796_054_935);
    const restore = useClock(clock);
    try {
      const { detector, written } = camera();
      await detector.prepare({ frames: 3 });
      const point = detector.trigger();
      const reason = failureText(point);
      const later = async (seconds: number) => {
        await turns();
        const end = clock.elapsed + seconds;
        for (let timer = clock.next(); timer && timer.due <= end; timer = clock.next()) {
          clock.moveTo(timer.due);
          timer.fire();
          await turns();
        }
        clock.moveTo(end);
      };
      await later(50);
      await written.set(2);
      await later(50);
      expect(point.done).to.equal(false);
      await later(20);
      expect(await reason).to.contain("to be updated after 60 s: the last value is 2");
    } finally {
      restore();
    }
  });
});
