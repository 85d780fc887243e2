/** Devices that describe themselves oddly: streams, hints, redefined or nameless children, refused pauses. */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import {
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

  it("collects into a stream that is declared for collecting only, and the error says so", async () => {
    const device = flyer({ flyer: key });
    const plan = function* (): Plan<void> {
      yield* bps.openRun();
      yield* bps.declareStream(device, { name: "flight" });
      yield* bps.collect(device, { name: "flight" });
    };
    expect((await failure(quietEngine().RE(plan()))).message).to.equal(
      'stream "flight" is declared for readings: declare it with { collect: true } to collect into it',
    );
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

describe("a device that cannot be read", () => {
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
