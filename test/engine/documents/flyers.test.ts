import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import type { DataKeys } from "../../../lib/core/protocols/protocols";
import { Status } from "../../../lib/core/status/status";
import type { Document } from "../../../lib/engine/documents/documents";
import type { AssetDoc } from "../../../lib/engine/documents/externalAssets";
import { bp, bps } from "../../../lib/plans";
import { expectValid } from "../../support/documentChecks";
import { quietEngine } from "../../support/quietEngine";
import { Flyer, softDevices } from "../../support/softDevices";
import { whenIn } from "../../support/whenIn";

function recording() {
  const RE = quietEngine().RE;
  const documents: Document[] = [];
  RE.documents$.subscribe((document) => documents.push(document));
  return { RE, documents };
}

const messageOf = async (work: PromiseLike<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

/** A detector that writes frames into a file of its own and makes documents about them. */
class Camera {
  readonly name = "camera";
  frames = 0;
  #reported = 0;
  readonly #external: string;

  constructor(external = "STREAM:") {
    this.#external = external;
  }

  trigger(): Status {
    this.frames += 1;
    return Status.completed();
  }

  kickoff(): Status {
    return Status.completed();
  }

  complete(): Status {
    this.frames += 4;
    return Status.completed();
  }

  read() {
    return {};
  }

  describe(): DataKeys {
    return { image: { source: "SIM", dtype: "array", shape: [2, 2], external: this.#external } };
  }

  describeCollect(): DataKeys {
    return this.describe();
  }

  getIndex(): number {
    return this.frames;
  }

  *collectAssetDocs(index = this.frames): Generator<AssetDoc> {
    const uid = `${this.name}-file`;
    if (this.#reported === 0)
      yield [
        "stream_resource",
        { uid, data_key: "image", mimetype: "application/x-hdf5", uri: "file:///x.h5", parameters: {} },
      ];
    if (index > this.#reported)
      yield [
        "stream_datum",
        {
          uid: `${uid}/${this.#reported}`,
          stream_resource: uid,
          descriptor: "",
          indices: { start: this.#reported, stop: index },
          seq_nums: { start: 0, stop: 0 },
        },
      ];
    this.#reported = index;
  }
}

describe("Flyers", () => {
  it("are asked for their configuration once, for all the streams they describe", async () => {
    const { RE, documents } = recording();
    let asked = 0;
    const key = (source: string) => ({ source, dtype: "number" as const, shape: [] });
    const flyer = Object.assign(new Flyer("fly"), {
      describeCollect: () => ({ one: { a: key("A") }, two: { b: key("B") } }),
      *collect() {
        yield { data: { a: 1 }, timestamps: { a: 1 } };
        yield { data: { b: 2 }, timestamps: { b: 2 } };
      },
      readConfiguration: () => {
        asked += 1;
        return { gain: { value: 5, timestamp: 3 } };
      },
      describeConfiguration: () => ({ gain: key("G") }),
    });
    await RE(bp.fly([flyer as never]));
    const descriptors = documents.filter((document) => document.name === "descriptor").map(({ doc }) => doc);
    expect(descriptors.map((doc) => (doc as { configuration: object }).configuration)).to.deep.equal(
      ["one", "two"].map(() => ({
        fly: { data: { gain: 5 }, timestamps: { gain: 3 }, data_keys: { gain: key("G") } },
      })),
    );
    expect(asked).to.equal(1);
  });

  it("fill event pages of the streams they describe", async () => {
    const { RE, documents } = recording();
    const { flyer } = softDevices();
    const run = await RE(bp.fly([flyer]));
    expect(run.table("flight").numbers("flyer")).to.deep.equal(new Float64Array([0, 1, 2]));
    expect(documents.map(({ name }) => name)).to.deep.equal(["start", "descriptor", "event_page", "stop"]);
    await expectValid(documents);
  });

  it("are collected at the end of the run if the plan has not done it", async () => {
    const { RE, documents } = recording();
    const { flyer } = softDevices();
    await RE(function* (): Plan<void> {
      yield* bps.openRun();
      yield* bps.kickoff(flyer, { wait: true });
      throw new Error("oh");
    }).catch(() => undefined);
    expect(documents.map(({ name }) => name)).to.deep.equal(["start", "descriptor", "event_page", "stop"]);
  });

  it("return what they recorded, also as pages and asynchronously", async () => {
    const { RE } = recording();
    const flyer = new Flyer("f");
    const pages = Object.assign(new Flyer("g"), {
      describeCollect: () => ({ pages: { g: { source: "SIM", dtype: "number" as const, shape: [] } } }),
      async *collectPages() {
        yield { data: { g: [1, 2] }, timestamps: { g: [1, 2] } };
      },
    });
    const run = await RE(function* (): Plan<unknown[]> {
      yield* bps.openRun();
      const payload = yield* bps.collect(flyer);
      const page = yield* bps.collect(pages);
      const none = yield* bps.collect(flyer, { returnPayload: false });
      yield* bps.closeRun();
      return [(payload as unknown[]).length, (page as unknown[]).length, none];
    });
    expect(run.planResult).to.deep.equal([3, 1, undefined]);
    expect([run.table("flight").length, run.table("pages").length]).to.deep.equal([6, 2]);
  });

  it("go on flying during a pause: they are awaited, and not kicked off again", async () => {
    const { RE, documents } = recording();
    const calls: string[] = [];
    const flights: (() => void)[] = [];
    const flyer = Object.assign(new Flyer("f"), {
      kickoff: () => {
        calls.push("kickoff");
        return Status.completed();
      },
      complete: () => {
        calls.push("complete");
        return new Status((resolve) => flights.push(resolve));
      },
    });
    const handle = RE(bp.fly([flyer]));
    RE.msgHook = ({ command }) => {
      if (command === "wait" && calls.includes("complete")) {
        RE.msgHook = null;
        setImmediate(() => RE.pause());
      }
    };
    await whenIn(RE, "paused");
    RE.resume();
    setImmediate(() => flights[0]?.());
    expect(await handle).to.include({ exitStatus: "success", interrupted: false });
    expect(calls).to.deep.equal(["kickoff", "complete"]);
    expect(documents.map(({ name }) => name)).to.deep.equal(["start", "descriptor", "event_page", "stop"]);
    expect(documents.at(-1)?.doc).to.deep.include({ num_events: { flight: 3 } });
  });

  it("write streams of frames, collected while they complete", async () => {
    const { RE, documents } = recording();
    const camera = new Camera();
    await RE(function* (): Plan<void> {
      yield* bps.openRun();
      yield* bps.declareStream(camera, { name: "video", collect: true });
      yield* bps.kickoffAll(camera);
      yield* bps.collectWhileCompleting([camera], [camera], { streamName: "video", flushPeriod: 0.01 });
      yield* bps.closeRun();
    });
    expect(documents.map(({ name }) => name)).to.deep.equal([
      "start",
      "descriptor",
      "stream_resource",
      "stream_datum",
      "stop",
    ]);
    const [, descriptor, , datum, stop] = documents;
    expect(datum?.doc).to.deep.include({
      descriptor: (descriptor as { doc: { uid: string } }).doc.uid,
      seq_nums: { start: 1, stop: 5 },
    });
    expect(stop?.doc).to.deep.include({ num_events: { video: 4 } });
    await expectValid(documents);
  });

  it("belong to the events that they are read into, one frame each", async () => {
    const { RE, documents } = recording();
    const camera = new Camera();
    const { det } = softDevices();
    const run = await RE(bp.count([camera, det], 2));
    expect(documents.map(({ name }) => name)).to.deep.equal([
      "start",
      "descriptor",
      "stream_resource",
      "stream_datum",
      "event",
      "stream_datum",
      "event",
      "stop",
    ]);
    expect(run.table().length).to.equal(2);
    expect(Object.keys(run.table().row(0)).slice(2)).to.deep.equal(["det"]);
    await expectValid(documents);
  });

  it("are refused with the reason if what they return is wrong", async () => {
    const { RE } = recording();
    const { det, flyer, flyer2 } = softDevices();
    const collect = (...objs: unknown[]) => [Msg("open_run"), Msg("collect", objs[0], objs.slice(1))];
    expect(await messageOf(RE(collect(det)))).to.equal("det can't be collected: it has no describeCollect()");
    expect(await messageOf(RE(collect(flyer, flyer2)))).to.contain("needs a declare_stream with collect before");
    expect(await messageOf(RE([Msg("open_run"), Msg("collect", flyer, [], { name: "x" })]))).to.contain(
      'stream "x" is not declared for these devices',
    );
    const fast = new Camera();
    fast.trigger = () => {
      fast.frames += 2;
      return Status.completed();
    };
    expect(await messageOf(RE(bp.count([fast])))).to.contain("2 external frames for one event");
    expect(await messageOf(RE(bp.count([new Camera("FILE:")])))).to.contain(
      'no descriptor declares as external "STREAM:"',
    );
  });
});
