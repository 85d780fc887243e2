import { expect } from "chai";
import { mockPutsBlocked } from "../../../lib/core/signal/mockSignal";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { MockMovement } from "../../../lib/core/standard/mockMovement";
import { failureText } from "../../support/failure";

/** The error of a movement to `target` that is stopped on its way. */
async function stoppedOnWay<T>(initial: T, target: T, units: string): Promise<string> {
  const setpoint = softSignalRw(initial, { name: "setpoint", units });
  const readback = softSignalRw(initial, { name: "readback", units });
  await setpoint.connect({ mock: true });
  await readback.connect({ mock: true });
  const movement = new MockMovement<T>();
  return mockPutsBlocked([setpoint], async () => {
    const status = movement.start("stage", setpoint, readback, target, {});
    movement.stop();
    return failureText(status);
  });
}

describe("MockMovement", () => {
  it("says where it was sent, whether that is a number, a list or an object", async () => {
    expect(await stoppedOnWay(0, 2.5, "mm")).to.equal("stage was stopped before it reached 2.5 mm");
    expect(await stoppedOnWay([0, 0], [1, 2], "mm")).to.equal("stage was stopped before it reached [1, 2] mm");
    expect(await stoppedOnWay({ h: 0 }, { h: 1 }, "")).to.equal("stage was stopped before it reached {h: 1}");
  });
});
