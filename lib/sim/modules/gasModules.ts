/** Gas dosing: the module `gas`, and a module for each gas. */

import { ImpossibleError, IsBusyError } from "../../errors";
import { STATUS } from "../../secop/values/moduleStatus";
import type {
  CommandDefinition,
  JsonObject,
  ModuleDefinition,
  ModuleFactory,
  ModuleSelf,
} from "../node/moduleDefinition";
import { DosingUnit, FlowController, FULL_SCALE } from "../physics/gasDosing";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

const FLOW: JsonObject = { type: "double", unit: "ml/min", min: 0, max: FULL_SCALE, fmtstr: "%.1f" };
/** Number of stored recipes. Recipe n doses n shots of each gas. */
const STORED_RECIPES = 5;

/** A mass flow controller for each gas, and `gas`, which runs recipes on them. */
export function gasModules(gases: readonly string[]): [string, ModuleFactory][] {
  const controllers = new Map(gases.map((gas) => [gas, new FlowController()]));
  const unit = new DosingUnit(controllers);
  return [
    ["gas", (self) => dosing(self, unit, FULL_SCALE * gases.length)],
    ...[...controllers].map(([gas, controller]): [string, ModuleFactory] => [
      gas,
      (self) => flowController(self, controller, gas),
    ]),
  ];
}

function flowController(self: ModuleSelf, controller: FlowController, gas: string): ModuleDefinition {
  const updateStatus = () => {
    if (controller.settled) self.status(STATUS.IDLE, controller.target === 0 ? "closed" : "flowing");
    else self.status(STATUS.RAMPING, "adjusting the valve");
  };
  return {
    description: `Mass flow controller for ${gas}.`,
    interface_classes: ["Drivable"],
    properties: { implementation: "secop_lab.sim.FlowController", group: "gas_dosing", meaning: ["flowrate", 20] },
    parameters: {
      value: { description: "flow", datainfo: FLOW, read: () => controller.flow },
      status: statusParameter("IDLE", "RAMPING", "ERROR"),
      target: {
        description: "flow to keep",
        datainfo: FLOW,
        readonly: false,
        read: () => controller.target,
        write: (flow: number) => {
          self.set("target", flow);
          controller.target = flow;
          updateStatus();
        },
      },
      pollinterval: POLL_INTERVAL,
    },
    commands: {
      stop: {
        description: "Keep the present flow.",
        run: () => {
          controller.target = controller.flow;
          self.set("target", controller.flow);
          updateStatus();
        },
      },
    },
    step: (dt) => {
      controller.advance(dt);
      updateStatus();
    },
  };
}

function dosing(self: ModuleSelf, unit: DosingUnit, fullScale: number): ModuleDefinition {
  return {
    description: "Gas dosing unit.",
    interface_classes: ["Readable"],
    properties: { implementation: "secop_lab.sim.GasDosing", group: "gas_dosing" },
    parameters: {
      value: { description: "total flow", datainfo: { ...FLOW, max: fullScale }, read: () => unit.totalFlow },
      status: statusParameter("IDLE", "BUSY", "ERROR"),
      _recipe: { description: "name of the last recipe", datainfo: { type: "string", maxchars: 40, isUTF8: true } },
      pollinterval: POLL_INTERVAL,
    },
    commands: { _start_recipe: startRecipe(self, unit), ...simpleCommands(self, unit) },
    step: (dt) => {
      if (!unit.busy) return;
      unit.advance(dt);
      if (!unit.busy) self.status(STATUS.IDLE, "recipe done");
    },
  };
}

function startRecipe(self: ModuleSelf, unit: DosingUnit): CommandDefinition {
  return {
    description: "Start a stored recipe; gives its number of steps. The unit is busy until it is done.",
    argument: {
      type: "struct",
      members: {
        name: { type: "string", maxchars: 40, isUTF8: true },
        id: { type: "int", min: 0, max: 1000 },
        sort: { type: "bool" },
      },
    },
    result: { type: "int", min: 0, max: 1000 },
    properties: { checkable: true },
    check: ({ id }: { id: number }) => {
      if (id < 1 || id > STORED_RECIPES) {
        throw new ImpossibleError(`recipe ${id} is not stored: this unit knows recipes 1 to ${STORED_RECIPES}`);
      }
    },
    run: ({ name, id, sort }: { name: string; id: number; sort: boolean }) => {
      if (unit.busy) throw new IsBusyError(`recipe ${self.get<string>("_recipe")} is running: wait, or stop it first`);
      const steps = unit.dose(id, sort);
      self.set("_recipe", name);
      self.status(STATUS.BUSY, `recipe ${name}`);
      self.log("info", `recipe ${id} (${name}) started: ${steps} steps`);
      return steps;
    },
  };
}

function simpleCommands(self: ModuleSelf, unit: DosingUnit): Record<string, CommandDefinition> {
  const close = () => {
    unit.close();
    self.status(STATUS.IDLE, "closed");
  };
  return {
    stop: { description: "Give up the recipe and close the valves.", run: close },
    _purge: {
      description: "Flush with one gas after the other at full flow, for this time in all.",
      argument: { type: "double", unit: "s", min: 1, max: 600 },
      run: (seconds: number) => {
        if (unit.busy) throw new IsBusyError("a recipe is running: wait, or stop it first");
        unit.purge(seconds);
        self.status(STATUS.BUSY, "purging");
      },
    },
  };
}
