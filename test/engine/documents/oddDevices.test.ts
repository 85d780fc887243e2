/** Devices that describe themselves oddly: streams, hints, redefined or nameless children, refused pauses. */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import {
  bp,
  bpp,
  bps,
  count,
  type DataKeys,
  Device,
  DeviceVector,
  type EventDescriptor,
  SimDetector,
  SimMotor,
  StandardReadable,
  softSignalRw,
} from "../../../lib/index";
import { failure } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";
import { whenIn } from "../../support/whenIn";

const key: DataKeys[string] = { source: "SIM", dtype: "number", shape: [] };

class Part extends StandardReadable {
  readonly a = softSignalRw(1);
  readonly b = softSignalRw(2);

  constructor(name = "") {
    super(name);
    this.addReadables([this.a, this.b]);
  }
}

describe("a flyer", () => {
  const flyer = (described: object) => ({
    name: "flyer",
    kickoff: () => new SimDetector("x").trigger(),
    complete: () => new SimDetector("x").trigger(),
    describe: () => ({ flyer: key }),
    read: () => ({ flyer: { value: 1, timestamp: 1 } }),
    describeCollect: () => described as DataKeys,
    collect: () => [],
  });

  it("collects into a stream that is declared for readings if it has the same data keys, else the error says how", async () => {
    const plan = (device: ReturnType<typeof flyer>) =>
      bpp.runWrapper(
        (function* (): Plan<void> {
          yield* bps.declareStream(device, { name: "flight" });
          yield* bps.collect(device, { name: "flight" });
        })(),
      );
    const device = flyer({ flyer: key });
    const collected = (data: string) => [{ data: { [data]: 1 }, timestamps: { [data]: 1 } }];
    const good = Object.assign(device, { describe: () => ({ flyer: key }), collect: () => collected("flyer") });
    expect((await quietEngine().RE(plan(good))).table("flight").column("flyer")).to.deep.equal([1]);
    const other = Object.assign(flyer({ flyer: key }), {
      describe: () => ({ flyer: key }),
      collect: () => collected("other"),
    });
    expect((await failure(quietEngine().RE(plan(other)))).message).to.equal(
      'stream "flight" is declared for readings, which have no "other": declare it with { collect: true } to collect into it',
    );
  });

  it("writes frames into several streams that are declared for readings or for collecting", async () => {
    const { RE } = quietEngine();
    const documents: { readonly name: string; readonly doc: Record<string, unknown> }[] = [];
    RE.subscribe((name, doc) => void documents.push({ name, doc: doc as never }));
    const camera = (name: string) => {
      let index = 0;
      const uid = `${name}-file`;
      return Object.assign(flyer({}), {
        name,
        describe: () => ({ [name]: { source: "SIM", dtype: "array", shape: [2], external: "STREAM:" } }),
        describeCollect: () => ({ [name]: { source: "SIM", dtype: "array", shape: [2], external: "STREAM:" } }),
        collect: undefined,
        getIndex: () => index + 1,
        *collectAssetDocs() {
          const resource = { uid, data_key: name, mimetype: "application/x-hdf5", uri: "file://x", parameters: {} };
          if (index === 0) yield ["stream_resource", resource];
          index += 1;
          const indices = { start: index - 1, stop: index };
          yield ["stream_datum", { uid: `${uid}/${index}`, stream_resource: uid, indices }];
        },
      });
    };
    const [one, two] = [camera("one") as never, camera("two") as never];
    await RE(
      bpp.runWrapper(
        (function* (): Plan<void> {
          for (const name of ["flats", "darks", "projections"])
            yield* bps.declareStream(one, two, { name, collect: name === "projections" });
          for (const name of ["flats", "darks", "projections", "flats"]) yield* bps.collect(one, two, { name });
        })(),
      ),
    );
    const uids = documents.filter(({ name }) => name === "descriptor").map(({ doc }) => doc.uid);
    const data = documents.filter(({ name }) => name === "stream_datum").map(({ doc }) => doc);
    expect(data.map(({ descriptor }) => uids.indexOf(descriptor))).to.deep.equal([0, 0, 1, 1, 2, 2, 0, 0]);
    expect(data.map(({ seq_nums }) => (seq_nums as { stop: number }).stop)).to.deep.equal([2, 2, 2, 2, 2, 2, 3, 3]);
  });

  it("cannot have one data key in two streams", async () => {
    const device = flyer({ up: { flyer: key }, down: { flyer: key } });
    const plan = bpp.runWrapper(bps.collect(device));
    expect((await failure(quietEngine().RE(plan))).message).to.equal(
      'flyer describes "flyer" in the streams "up" and "down": give each its own data keys',
    );
  });
});

describe("a descriptor", () => {
  async function descriptorOf(device: Parameters<typeof count>[0][number]): Promise<EventDescriptor> {
    const { RE } = quietEngine();
    const found = new Promise<EventDescriptor>((resolve) => RE.subscribe((_, doc) => resolve(doc), "descriptor"));
    await RE(count([device]));
    return await found;
  }

  it("hints only at fields that it has", async () => {
    const odd = {
      name: "odd",
      hints: { fields: ["odd", "not there"] },
      describe: () => ({ odd: key }),
      read: () => ({ odd: { value: 1, timestamp: 1 } }),
    };
    expect((await descriptorOf(odd)).hints).to.deep.equal({ odd: { fields: ["odd"] } });
  });

  it("has a child that a subclass redefines in the place of the first one", async () => {
    class Redefined extends Part {
      override readonly a = softSignalRw(5);
    }
    const device = new Redefined("it");
    expect(Object.keys((await descriptorOf(device)).data_keys)).to.deep.equal(["it-a", "it-b"]);
    expect(device.hints.fields).to.deep.equal(["it-a", "it-b"]);
    expect((await device.read())["it-a"]?.value).to.equal(5);
  });

  it("has the devices of a vector one by one", async () => {
    class Rack extends StandardReadable {
      readonly channels = new DeviceVector([new Part(), new Part()]);

      constructor() {
        super("rack");
        this.addReadables([this.channels]);
      }
    }
    expect(Object.keys((await descriptorOf(new Rack())).data_keys)).to.deep.equal([
      "rack-channels-0-a",
      "rack-channels-0-b",
      "rack-channels-1-a",
      "rack-channels-1-b",
    ]);
  });

  it("is refused if two children have one name", async () => {
    const device = new Part("it");
    device.b.setName("it-a");
    expect((await failure(quietEngine().RE(count([device])))).message).to.equal(
      'it has two children named "it-a": rename one of them',
    );
  });
});

const SECONDS = "a timestamp is a Unix time in seconds, such as Date.now() / 1000";

describe("a device that reads or describes nothing that can be recorded", () => {
  const odd = (read: unknown, describe: unknown = { odd: key }) =>
    ({ name: "odd", read: async () => read, describe: async () => describe }) as never;

  it("is named, with what to do", async () => {
    const cases: [device: never, words: string][] = [
      [odd({ odd: { value: Promise.resolve(1), timestamp: 1 } }), 'odd read a promise for "odd": await it'],
      [odd({ odd: { timestamp: 1 } }), 'odd read no value for "odd": use null where there is none'],
      [odd({ odd: { value: 1 } }), `odd read no timestamp for "odd": ${SECONDS}`],
      [odd({ odd: { value: 1, timestamp: "12:00" } }), `odd read the timestamp 12:00 for "odd": ${SECONDS}`],
      [
        odd({ odd: { value: 1, timestamp: 1796054935123 } }),
        `odd read the timestamp 1796054935123 for "odd": ${SECONDS}`,
      ],
      [odd({}), 'odd describes "odd" but did not read it'],
      [odd({}, null), "describe() of odd gave null instead of data keys: { odd: { ... } }"],
    ];
    for (const [device, words] of cases) {
      expect((await failure(quietEngine().RE(count([device])))).message).to.equal(words);
    }
  });

  it("is named if it collects or is configured without a time", async () => {
    const flyer = {
      name: "flyer",
      kickoff: () => new SimDetector("x").trigger(),
      complete: () => new SimDetector("x").trigger(),
      describeCollect: () => ({ primary: { flyer: key } }),
      collect: () => [{ data: { flyer: 1 } }],
    };
    expect((await failure(quietEngine().RE(bp.fly([flyer as never])))).message).to.equal(
      `flyer collected no timestamp for "flyer": ${SECONDS}`,
    );
    const configured = Object.assign(odd({ odd: { value: 1, timestamp: 1 } }) as object, {
      readConfiguration: () => ({ gain: { value: 1 } }),
      describeConfiguration: () => ({ gain: key }),
    });
    expect((await failure(quietEngine().RE(count([configured as never])))).message).to.equal(
      `odd read no timestamp for "gain": ${SECONDS}`,
    );
  });
});

describe("a device that cannot be read", () => {
  it("is refused as a detector, with how the devices of a vector are given", async () => {
    const vector = new DeviceVector([new Part(), new Part()], "vector");
    const words = (await failure(quietEngine().RE(count([vector as never])))).message;
    expect(words).to.equal(
      "count: detector 1, vector, is a vector: give its devices, as in Array.from(vector, ([, device]) => device)",
    );
  });

  it("is refused when it is added to the readings of another one", () => {
    class Plain extends Device {}
    expect(() => new Part("it").addReadables([new Plain("plain")])).to.throw(
      "plain cannot be read, so it is no part of a reading: add its signals",
    );
  });
});

describe("a pause that a device refuses", () => {
  it("is not said to hold everything", async () => {
    const { RE, notices } = quietEngine();
    const stubborn = Object.assign(new SimDetector("stubborn"), {
      pause: () => Promise.reject(new Error("no")),
      resume: () => {},
    });
    const motor = new SimMotor("motor", { velocity: 1 });
    const handle = RE(function* () {
      yield* bps.trigger(stubborn, { wait: true });
      yield* bps.mv(motor, 100);
    });
    setTimeout(() => RE.pause(), 20);
    await whenIn(RE, "paused");
    expect(notices.find(({ title }) => title === "Paused")?.detail).to.equal(
      "stubborn could not be held and may go on.",
    );
    await RE.abort();
    await handle;
  });
});

describe("devices that are still staged at the end", () => {
  it("are unstaged side by side", async () => {
    const log: string[] = [];
    const slow = (name: string) => ({
      name,
      stage: () => [],
      unstage: () => {
        log.push(`${name} begins`);
        const status = new SimDetector(name, { exposure: 0.02 }).trigger();
        status.addCallback(() => log.push(`${name} ends`));
        return status;
      },
    });
    await quietEngine().RE(bps.stageAll(slow("a"), slow("b")));
    expect(log.slice(0, 2)).to.deep.equal(["a begins", "b begins"]);
    expect(log).to.have.length(4);
  });
});
