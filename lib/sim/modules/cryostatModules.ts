/** The cryostat of the default node: the modules `cryo`, `heater` and `sensor`. */

import type { JsonObject, ModuleDefinition, ModuleFactory, ParameterDefinition } from "../node/moduleDefinition";
import { Cryostat } from "../physics/cryostat";
import { MAX_POWER, Regulation, type RegulationMode } from "./regulation";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

/** The temperature at the start, in K. */
const START_TEMPERATURE = 10;
const KELVIN: JsonObject = { type: "double", unit: "K", min: 0, fmtstr: "%.3f" };
const WATT: JsonObject = { type: "double", unit: "W", min: 0, max: MAX_POWER, fmtstr: "%.2f" };

/**
 * `cryo` regulates with `heater`; `sensor` is the thermometer at the sample. The modules share one cryostat.
 */
export function cryostatModules(): [string, ModuleFactory][] {
  const model = new Cryostat(START_TEMPERATURE);
  let regulation: Regulation | undefined;
  return [
    [
      "cryo",
      (self) => {
        regulation = new Regulation(self, model);
        return cryo(regulation, model);
      },
    ],
    ["heater", () => heater(model, () => regulation)],
    ["sensor", () => sensor(model)],
  ];
}

const SETTINGS: Readonly<Record<string, ParameterDefinition>> = {
  ramp: {
    description: "speed of the setpoint; 0 jumps",
    datainfo: { type: "double", unit: "K/min", min: 0, max: 1000, fmtstr: "%.1f" },
    readonly: false,
    initial: 2,
  },
  control_active: { description: "whether the heater follows the target", datainfo: { type: "bool" }, initial: true },
  _pid: {
    description: "regulation coefficients",
    datainfo: {
      type: "struct",
      members: {
        p: { type: "double", unit: "1/s", min: 0, max: 10 },
        i: { type: "double", unit: "1/s^2", min: 0, max: 1 },
        d: { type: "double", min: 0, max: 10 },
      },
      optional: ["i", "d"],
    },
    readonly: false,
    initial: { p: 0.3, i: 0.02, d: 0 },
    properties: { group: "regulation", visibility: "advanced" },
  },
  _tolerance: {
    description: "deviation that still counts as stable",
    datainfo: { type: "double", unit: "K", min: 0.001, max: 10 },
    readonly: false,
    initial: 0.05,
    properties: { group: "stability" },
  },
  _window: {
    description: "time within tolerance before the temperature counts as stable",
    datainfo: { type: "double", unit: "s", min: 0, max: 900 },
    readonly: false,
    initial: 5,
    properties: { group: "stability" },
  },
  pollinterval: POLL_INTERVAL,
};

function cryo(regulation: Regulation, model: Cryostat): ModuleDefinition {
  return {
    description:
      "Closed-cycle cryostat, regulated at its stage.\n\nThe sample hangs on the stage by a weak link: see sensor.",
    interface_classes: ["Drivable"],
    properties: { implementation: "secop_lab.sim.Cryostat", meaning: ["temperature_regulation", 20] },
    parameters: {
      value: { description: "temperature of the regulated stage", datainfo: KELVIN, read: () => model.stage },
      status: statusParameter("IDLE", "STANDBY", "RAMPING", "STABILIZING", "ERROR"),
      target: {
        description: "temperature to go to",
        datainfo: { ...KELVIN, max: 325 },
        readonly: false,
        initial: START_TEMPERATURE,
        properties: { checkable: true },
        write: (kelvin: number) => regulation.setTarget(kelvin),
      },
      setpoint: {
        description: "temperature the stage is regulated to now",
        datainfo: KELVIN,
        read: () => regulation.setpoint,
      },
      mode: {
        description: "ramp: the setpoint ramps to the target; pid: it jumps; openloop: the heater is set by hand",
        datainfo: { type: "enum", members: { ramp: 1, pid: 2, openloop: 3 } },
        readonly: false,
        initial: "ramp",
        write: (mode: RegulationMode) => regulation.setMode(mode),
      },
      ...SETTINGS,
    },
    commands: { stop: { description: "Stay at the present temperature.", run: () => regulation.stop() } },
    step: (dt) => regulation.step(dt),
  };
}

function heater(model: Cryostat, regulation: () => Regulation | undefined): ModuleDefinition {
  return {
    description: "Heater of the regulated stage. Setting its target takes it away from cryo.",
    interface_classes: ["Writable"],
    properties: { implementation: "secop_lab.sim.Heater", group: "cryostat", visibility: "advanced" },
    parameters: {
      value: { description: "power it gives now", datainfo: WATT, read: () => model.power },
      status: statusParameter("IDLE", "ERROR"),
      target: {
        description: "power by hand",
        datainfo: WATT,
        readonly: false,
        write: (watts: number) => regulation()?.openLoop(watts),
      },
      controlled_by: {
        description: "who sets the power",
        datainfo: { type: "enum", members: { self: 0, cryo: 1 } },
        initial: "cryo",
        read: () => (regulation()?.inOpenLoop ? "self" : "cryo"),
      },
      pollinterval: POLL_INTERVAL,
    },
  };
}

function sensor(model: Cryostat): ModuleDefinition {
  return {
    description: "Thermometer at the sample.",
    interface_classes: ["Readable"],
    properties: { implementation: "secop_lab.sim.Sensor", group: "cryostat", meaning: ["temperature", 20] },
    parameters: {
      value: { description: "temperature of the sample", datainfo: KELVIN, read: () => model.sample },
      status: statusParameter("IDLE", "WARN", "ERROR"),
      _resistance: {
        description: "resistance of the sensor",
        datainfo: { type: "double", unit: "Ohm", min: 0, fmtstr: "%.1f" },
        read: () => 100 + 7300 / model.sample,
        properties: { visibility: "expert" },
      },
      pollinterval: POLL_INTERVAL,
    },
  };
}
