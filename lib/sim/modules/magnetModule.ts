/** The module `magnet` of the default node. */

import { IsBusyError } from "../../errors";
import type { JsonObject, ModuleDefinition, ModuleSelf, ParameterDefinition } from "../node/moduleDefinition";
import { Magnet, type MagnetMode } from "../physics/magnet";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

/** Highest field in T. */
const LIMIT = 9;
/** Current per field, in A/T. */
const COIL_CONSTANT = 11.6;
const TESLA: JsonObject = { type: "double", unit: "T", min: -LIMIT, max: LIMIT, fmtstr: "%.4f" };

/** A Drivable on a superconducting magnet. */
export function magnetModule(self: ModuleSelf): ModuleDefinition {
  const magnet = new Magnet();
  const updateStatus = () => self.status(...magnet.status);
  return {
    description: "Superconducting magnet, +-9 T, with a persistent switch.",
    interface_classes: ["Drivable"],
    properties: { implementation: "secop_lab.sim.Magnet", meaning: ["magneticfield", 20] },
    parameters: {
      value: { description: "field in the coil", datainfo: TESLA, read: () => magnet.field },
      status: statusParameter("IDLE", "PREPARING", "RAMPING", "STABILIZING", "FINALIZING", "ERROR"),
      target: {
        description: "field to go to",
        datainfo: TESLA,
        readonly: false,
        properties: { checkable: true },
        write: (tesla: number) => {
          self.set("target", tesla);
          magnet.goTo(tesla);
          updateStatus();
        },
      },
      ...settings(magnet, updateStatus),
      _current: {
        description: "current in the leads",
        datainfo: { type: "double", unit: "A", fmtstr: "%.2f" },
        read: () => magnet.leads * COIL_CONSTANT,
      },
      _switch: {
        description: "persistent switch",
        datainfo: { type: "enum", members: { closed: 0, open: 1 } },
        read: () => (magnet.switchWarm ? "open" : "closed"),
      },
      pollinterval: POLL_INTERVAL,
    },
    commands: {
      stop: {
        description: "Stay at the present field.",
        run: () => {
          magnet.stop();
          self.set("target", magnet.target);
          updateStatus();
        },
      },
    },
    step: (dt) => {
      magnet.advance(dt);
      updateStatus();
    },
  };
}

/** The parameters that say how the field changes. */
function settings(magnet: Magnet, updateStatus: () => void): Readonly<Record<string, ParameterDefinition>> {
  return {
    ramp: {
      description: "speed of the field",
      datainfo: { type: "double", unit: "T/min", min: 0.01, max: 2, fmtstr: "%.2f" },
      readonly: false,
      initial: magnet.ramp,
      write: (rate: number) => {
        magnet.ramp = rate;
      },
    },
    mode: {
      description: "persistent: the switch closes and the leads ramp down when the field is reached; driven: they stay",
      datainfo: { type: "enum", members: { persistent: 0, driven: 1 } },
      readonly: false,
      initial: magnet.mode,
      write: (mode: MagnetMode) => {
        if (magnet.busy) throw new IsBusyError("the field is changing: wait, or stop it first");
        magnet.setMode(mode);
        updateStatus();
      },
    },
  };
}
