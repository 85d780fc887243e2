/** The modules `regulation` and `sample` of the reactor cell. */

import { STATUS } from "../../secop/values/moduleStatus";
import type { JsonObject, ModuleDefinition, ModuleFactory, ModuleSelf } from "../node/moduleDefinition";
import { rampTowards } from "../physics/ramp";
import { ReactorCell, ROOM } from "../physics/reactorCell";
import { StabilityWatch } from "../physics/stabilityWatch";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

const CELSIUS: JsonObject = { type: "double", unit: "degC", fmtstr: "%.2f" };
/** Deviation in °C within which the furnace counts as at its target. */
const TOLERANCE = 1;
/** Seconds within tolerance after which the furnace counts as stable. */
const WINDOW = 10;

/** `regulation` ramps the furnace; `sample` is the thermometer in the catalyst bed. */
export function reactorModules(): [string, ModuleFactory][] {
  const cell = new ReactorCell();
  return [
    ["regulation", (self) => regulation(self, cell)],
    ["sample", () => sample(cell)],
  ];
}

function regulation(self: ModuleSelf, cell: ReactorCell): ModuleDefinition {
  const stability = new StabilityWatch();
  let setpoint = ROOM;
  let settled = true;
  const start = (target: number, text: string) => {
    stability.restart();
    settled = false;
    self.set("target", target);
    self.status(STATUS.RAMPING, text);
  };
  const settle = (dt: number) => {
    const target = self.get<number>("target");
    if (settled || setpoint !== target) return;
    settled = stability.watch(cell.furnace - target, dt, TOLERANCE, WINDOW);
    if (settled) self.status(STATUS.IDLE, "at target");
    else self.status(STATUS.STABILIZING, "waiting for a stable temperature");
  };
  return {
    description: "Furnace of the reactor cell.",
    interface_classes: ["Drivable"],
    properties: { implementation: "secop_lab.sim.ReactorFurnace", meaning: ["temperature_regulation", 20] },
    parameters: {
      value: { description: "temperature of the furnace", datainfo: CELSIUS, read: () => cell.furnace },
      status: statusParameter("IDLE", "RAMPING", "STABILIZING", "ERROR"),
      target: {
        description: "temperature to go to",
        datainfo: { ...CELSIUS, min: ROOM, max: 800 },
        readonly: false,
        initial: ROOM,
        write: (celsius: number) => start(celsius, `going to ${celsius} degC`),
      },
      setpoint: { description: "temperature regulated to now", datainfo: CELSIUS, read: () => setpoint },
      ramp: {
        description: "speed of the setpoint",
        datainfo: { type: "double", unit: "K/min", min: 0.1, max: 100, fmtstr: "%.1f" },
        readonly: false,
        initial: 10,
      },
      pollinterval: POLL_INTERVAL,
    },
    commands: { stop: { description: "Stay at the present setpoint.", run: () => start(setpoint, "stopped") } },
    step: (dt) => {
      const rate = self.get<number>("ramp") / 60;
      cell.advance(dt, (short) => {
        setpoint = rampTowards(setpoint, self.get<number>("target"), rate, short);
        return setpoint;
      });
      settle(dt);
    },
  };
}

function sample(cell: ReactorCell): ModuleDefinition {
  return {
    description: "Thermometer in the catalyst bed.",
    interface_classes: ["Readable"],
    properties: { implementation: "secop_lab.sim.Thermocouple", meaning: ["temperature", 20] },
    parameters: {
      value: { description: "temperature of the catalyst", datainfo: CELSIUS, read: () => cell.bed },
      status: statusParameter("IDLE", "WARN", "ERROR"),
      pollinterval: POLL_INTERVAL,
    },
  };
}
