import { expect } from "chai";
import {
  derivedSignals,
  StandardMovable,
  setAndWaitForOtherValue,
  setAndWaitForValue,
  softSignalRw,
} from "../../lib/core";
import { SecopNodeDevice } from "../../lib/devices";
import { absSet } from "../../lib/plans";
import { SimMotor, startSimNode } from "../../lib/sim";
import { failureText } from "../support/failure";
import { quietEngine } from "../support/quietEngine";

/** Moves at once. */
class Stage extends StandardMovable<number> {
  readonly readback = softSignalRw(0);
  readonly setpoint = softSignalRw(0);
  logic() {
    return { readback: this.readback, setpoint: this.setpoint };
  }
}

describe("the options of set", () => {
  const soft = softSignalRw(0, { name: "soft" });
  const motor = new SimMotor("motor");
  const raw = softSignalRw(1, { name: "raw" });
  const axes = derivedSignals(
    { raw },
    { toDerived: ({ raw }) => ({ twice: 2 * raw }), toRaw: ({ twice }) => ({ raw: twice / 2 }) },
    { twice: {} },
  );
  axes.setName("axes");
  const devices: Readonly<Record<string, { readonly name: string; set(value: never, options?: object): unknown }>> = {
    "a signal": soft,
    "a simulated motor": motor,
    "a StandardMovable": new Stage("stage"),
    "derived axes": axes,
    "a derived axis": axes.twice,
  };
  for (const [what, device] of Object.entries(devices)) {
    it(`are refused for ${what} if they are misspelt`, async () => {
      expect(await failureText(() => device.set(1 as never, { timeuot: 3 }))).to.equal(
        `set of ${device.name} has no option timeuot (timeout?): it takes timeout, signal, wait, group`,
      );
    });
  }

  it("do not get those of what sets a device and waits", async () => {
    await setAndWaitForValue(soft, 7, { waitForSet: false, timeout: 5 });
    await setAndWaitForOtherValue(motor, 1, motor.readback, 1, { waitForSet: false, timeout: 5 });
    expect([await soft.getValue(), motor.position]).to.deep.equal([7, 1]);
    await setAndWaitForValue(soft, 8, { match: (value) => value > 7, timeout: 5 });
    expect(await soft.getValue()).to.equal(8);
  });

  it("are refused in a plan, which would not have waited", async () => {
    const { RE } = quietEngine();
    expect(await failureText(RE(absSet(soft, 3, { wiat: true })))).to.equal(
      "set of soft has no option wiat (wait?): it takes timeout, signal, wait, group",
    );
  });

  it("and of commands are refused for the modules of a node if they are misspelt, also without its class", async () => {
    const sim = await startSimNode({ port: 0, speed: 100 });
    const node = new SecopNodeDevice(sim.uri, { name: "node" });
    try {
      await node.connect();
      const { cryo, heater, gas } = node as unknown as Modules;
      for (const device of [cryo, heater])
        expect(await failureText(() => device.set(1, { timeuot: 3 }))).to.contain("has no option timeuot (timeout?)");
      const refused = "has no option wait_for_idle (waitForIdle?): it takes timeout, signal, waitForIdle";
      expect(await failureText(() => gas.purge.execute(3, { wait_for_idle: true }))).to.equal(
        `node-gas-purge ${refused}`,
      );
      expect(await failureText(() => cryo.stop_.execute({ wait_for_idle: true }))).to.equal(
        `node-cryo-stop ${refused}`,
      );
    } finally {
      await node.dispose();
      await sim.close();
    }
  });
});

interface Modules {
  readonly cryo: { set(value: number, options: object): unknown; stop_: { execute(options: object): unknown } };
  readonly heater: { set(value: number, options: object): unknown };
  readonly gas: { purge: { execute(seconds: number, options: object): unknown } };
}
