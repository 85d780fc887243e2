import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { initDevices } from "../../../lib/core/device/initDevices";
import type { SignalR, SignalRW } from "../../../lib/core/signal/signal";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { StandardMovable } from "../../../lib/core/standard/standardMovable";
import { SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { startSimNode } from "../../../lib/sim/startSimNode";

/** A device that moves by signals of another device. */
class Slow extends StandardMovable {
  readonly #readback: SignalR<number>;
  readonly #setpoint: SignalRW<number>;

  constructor(readback: SignalR<number>, setpoint: SignalRW<number>) {
    super();
    this.#readback = readback;
    this.#setpoint = setpoint;
  }

  protected logic() {
    return { readback: this.#readback, setpoint: this.#setpoint };
  }
}

describe("a device that uses a signal of another one", () => {
  it("does not rename it, and renames its own", async () => {
    const logDir = mkdtempSync(join(tmpdir(), "borrowed-"));
    const sim = await startSimNode({ modules: ["cryo", "sensor", "heater"] });
    const { cryo } = await initDevices({ cryo: new SecopNodeDevice(sim.uri, { logDir, name: "cryo" }) });
    try {
      const named = cryo.sensor.value.name;
      const own = softSignalRw(0);
      await initDevices({
        slow: new Slow(cryo.sensor.value, cryo.cryo.target),
        quick: new Slow(own, cryo.cryo.target),
      });
      expect(named).to.equal("cryo-sensor-value");
      expect(cryo.sensor.value.name).to.equal("cryo-sensor-value");
      expect(Object.keys(await cryo.sensor.read())).to.deep.equal(["cryo-sensor-value"]);
      expect(own.name).to.equal("quick");
    } finally {
      await cryo.dispose();
      await sim.close();
      rmSync(logDir, { recursive: true, force: true });
    }
  });
});
