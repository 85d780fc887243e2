import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import { DeviceVector } from "../../../lib/core/device/deviceVector";
import { disposeDevices, initDevices } from "../../../lib/core/device/initDevices";
import { NotConnectedError } from "../../../lib/core/device/notConnectedError";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { walkDevices, walkRwSignals, walkSignalSources } from "../../../lib/core/standard/walk";

class Slit extends Device {
  readonly gap = softSignalRw(1);
  readonly center = softSignalRw(0);
}

class Optics extends Device {
  readonly slit = new Slit();
  readonly foils = new DeviceVector([softSignalRw(false), softSignalRw(true)]);
  disposed = 0;

  override async dispose(): Promise<void> {
    this.disposed += 1;
    await super.dispose();
  }
}

class Broken extends Device {
  readonly reason: string;

  constructor(reason: string) {
    super();
    this.reason = reason;
  }

  override connect(): Promise<void> {
    return Promise.reject(new NotConnectedError(this.reason));
  }
}

class Half extends Device {
  readonly good = softSignalRw(0);
  readonly bad = new Broken("ca://BAD did not answer within 10 s");
}

describe("Device", () => {
  it("names its children after the properties they are in", async () => {
    const { optics } = await initDevices({ optics: new Optics() });
    expect(optics.slit.gap.name).to.equal("optics-slit-gap");
    expect(optics.foils[1]?.name).to.equal("optics-foils-1");
    expect(optics.slit.parent).to.equal(optics);
    optics.setName("o");
    expect(optics.slit.center.name).to.equal("o-slit-center");
  });

  it("gives all its descendants by path", () => {
    const optics = new Optics("o");
    expect([...walkDevices(optics).keys()]).to.deep.equal([
      "slit",
      "slit.gap",
      "slit.center",
      "foils",
      "foils.0",
      "foils.1",
    ]);
    expect([...walkRwSignals(optics).keys()]).to.deep.equal(["slit.gap", "slit.center", "foils.0", "foils.1"]);
    expect(walkSignalSources(optics).get("slit.gap")).to.equal("soft://o-slit-gap");
  });

  it("does not adopt a child of another device", () => {
    const first = new Optics("first");
    expect([...first.children()]).to.have.length(2);
    class Borrower extends Device {
      readonly slit = first.slit;
    }
    expect([...new Borrower("b").children()]).to.deep.equal([]);
    expect(first.slit.name).to.equal("first-slit");
  });
});

describe("initDevices", () => {
  it("keeps existing names, and types", async () => {
    const { a, b } = await initDevices({ a: new Slit("mine"), b: new Slit() });
    expect([a.name, b.name]).to.deep.equal(["mine", "b"]);
    // @ts-expect-error no such member
    expect(a.gaap).to.equal(undefined);
  });

  it("rejects with a tree of all failures, and closes the other devices", async () => {
    const optics = new Optics();
    const error = await initDevices({ optics, half: new Half(), hutch: new Broken("localhost:1 refused") }).then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(NotConnectedError);
    expect((error as Error).message).to.equal(
      [
        "2 devices could not be connected:",
        "  half:",
        "    bad: ca://BAD did not answer within 10 s",
        "  hutch: localhost:1 refused",
      ].join("\n"),
    );
    expect(optics.disposed).to.equal(1);
  });

  it("refuses a value that is not a device, before it connects any", async () => {
    const optics = new Optics();
    for (const [other, shown] of [
      [undefined, "undefined"],
      [null, "null"],
      [3, "3"],
      [Optics, "[class Optics"],
    ] as const) {
      const error = await initDevices({ optics, motor: other as never }).then(
        () => null,
        (reason: Error) => reason,
      );
      expect(error?.message).to.contain(`initDevices: motor is not a device but ${shown}`);
    }
    expect(optics.name).to.equal("");
  });

  it("is disposed at the end of the block that uses it", async () => {
    const optics = new Optics();
    {
      await using used = optics;
      expect(used.disposed).to.equal(0);
    }
    expect(optics.disposed).to.equal(1);
  });

  it("returns an object that can be disposed by symbol and by function", async () => {
    const devices = await initDevices({ optics: new Optics() });
    await devices[Symbol.asyncDispose]();
    await disposeDevices(devices);
    expect(devices.optics.disposed).to.equal(2);
    expect(Object.keys(devices)).to.deep.equal(["optics"]);
  });
});

describe("DeviceVector", () => {
  it("is indexed and iterated by number", () => {
    const vector = new DeviceVector({ 3: softSignalRw(0), 7: softSignalRw(1) }, "v");
    expect(vector.size).to.equal(2);
    expect([...vector].map(([i, s]) => [i, s.name])).to.deep.equal([
      [3, "v-3"],
      [7, "v-7"],
    ]);
  });
});
