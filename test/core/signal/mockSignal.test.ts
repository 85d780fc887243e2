import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import { initDevices } from "../../../lib/core/device/initDevices";
import { derivedSignalR } from "../../../lib/core/signal/derivedSignal";
import { callbackOnMockPut, mockPuts, mockPutsBlocked, setMockValue } from "../../../lib/core/signal/mockSignal";
import { softSignalRAndSetter, softSignalRw } from "../../../lib/core/signal/softSignal";

class Heater extends Device {
  readonly written: number[] = [];
  readonly power = softSignalRw(0, { units: "W", setter: (v) => void this.written.push(v) });
  readonly temperature = softSignalRAndSetter(20)[0];
}

describe("mocked devices", () => {
  it("keep values without touching the real backend", async () => {
    const { heater } = await initDevices({ heater: new Heater() }, { mock: true });
    await heater.power.set(5);
    expect(heater.written).to.deep.equal([]);
    expect(await heater.power.getValue()).to.equal(5);
    expect(mockPuts(heater.power)).to.deep.equal([5]);
    expect(heater.power.source).to.equal("mock+soft://heater-power");
    expect((await heater.power.describe())["heater-power"]?.units).to.equal("W");
  });

  it("let a test play the hardware", async () => {
    const { heater } = await initDevices({ heater: new Heater() }, { mock: true });
    setMockValue(heater.temperature, 300);
    expect(await heater.temperature.getValue()).to.equal(300);
    const undo = callbackOnMockPut(heater.power, (v) => Math.min(v, 10));
    await heater.power.set(50);
    expect(await heater.power.getValue()).to.equal(10);
    undo();
    await heater.power.set(50);
    expect(await heater.power.getValue()).to.equal(50);
  });

  it("hold puts back", async () => {
    const { heater } = await initDevices({ heater: new Heater() }, { mock: true });
    const status = await mockPutsBlocked([heater.power], async () => {
      const pending = heater.power.set(1);
      await new Promise((done) => setImmediate(done));
      expect(pending.done).to.equal(false);
      return { pending };
    });
    await status.pending;
  });

  it("are required by mock functions, which say so for other signals", () => {
    expect(() => setMockValue(new Heater("h").power, 1)).to.throw("connect its device with {mock: true} first");
  });

  it("have no value of their own where it is computed from others", async () => {
    const ts = softSignalRw(4, { name: "ts" });
    const derived = derivedSignalR({ ts }, (v) => 2 * v.ts, { name: "double" });
    await initDevices({ ts, derived }, { mock: true });
    expect(() => setMockValue(derived, 1)).to.throw(
      "derived://ts is computed: set the mock values of the signals that it is made of",
    );
    setMockValue(ts, 5);
    expect(await derived.getValue()).to.equal(10);
  });
});
