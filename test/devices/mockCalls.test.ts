/** What was done to a mocked device of any control system, in the order of the calls. */

import { expect } from "chai";
import { DrivableDevice } from "../../lib/devices/classes/drivableDevice";
import type { ModuleTable } from "../../lib/devices/classes/makeModule";
import { TypedNode } from "../../lib/devices/node/typedNode";
import {
  bps,
  type ConnectOptions,
  callbackOnMockPut,
  createRunEngine,
  Device,
  DeviceVector,
  EpicsMotor,
  initDevices,
  mockCalls,
  type Plan,
  setMockValue,
  softCommand,
  softSignalRw,
} from "../../lib/index";
import { DESCRIPTION } from "../support/scriptedNode";

class Plant extends TypedNode {
  static override readonly equipmentId = "plant";
  static override readonly table: ModuleTable = [["m", DrivableDevice, JSON.stringify(DESCRIPTION.modules.m)]];
  declare readonly m: DrivableDevice;
}

/** Its blade is open half a turn after it was sent there, in a mock as well. */
class Shutter extends Device {
  readonly blade = softSignalRw("closed");
  readonly state = softSignalRw("closed");
  readonly flash = softCommand(async (_seconds: number) => {});

  override async connect(options?: ConnectOptions): Promise<void> {
    await super.connect(options);
    if (options?.mock) callbackOnMockPut(this.blade, (wanted) => setMockValue(this.state, wanted));
  }
}

class Beamline extends Device {
  readonly stick = new EpicsMotor("BL:STICK");
  readonly shutters = new DeviceVector([new Shutter(), new Shutter()]);
  readonly plant = new Plant("127.0.0.1:1");
}

describe("The calls of the mocks of a device", () => {
  it("come in their order, from all children, whatever they are", async () => {
    const { line } = await initDevices({ line: new Beamline() }, { mock: true });
    expect(mockCalls(line)).to.deep.equal([]);
    await createRunEngine({ live: false, store: false })(
      (function* (): Plan<void> {
        yield* bps.mv(line.shutters[1].blade, "open");
        yield* bps.mv(line.stick, 4);
        yield* line.shutters[0].flash.plan(0.5);
        yield* bps.mv(line.plant.m, 7);
        yield* bps.stop(line.stick);
      })(),
    );
    expect(mockCalls(line)).to.deep.equal([
      ["shutters.1.blade", "open"],
      ["stick.userSetpoint", 4],
      ["shutters.0.flash", 0.5],
      ["plant.m.target", 7],
      ["stick.motorStop", undefined],
    ]);
    expect(await line.shutters[1].state.getValue()).to.equal("open");
    expect(mockCalls(line.stick)).to.deep.equal([
      ["userSetpoint", 4],
      ["motorStop", undefined],
    ]);
  });

  it("cannot be listed for a device that is not mocked", () => {
    expect(() => mockCalls(new Shutter("shutter"))).to.throw(
      "shutter is not mocked: connect it with {mock: true} first",
    );
  });
});
