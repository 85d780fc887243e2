/** The module `faulty` of the default node, for tests of errors. */

import { HardwareError } from "../../errors";
import type { ModuleDefinition } from "../node/moduleDefinition";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

/** A Readable whose parameter `_broken` cannot be read. */
export function faultyModule(): ModuleDefinition {
  return {
    description: "A module with a parameter that cannot be read.",
    interface_classes: ["Readable"],
    properties: { implementation: "secop_lab.sim.Faulty", visibility: "expert" },
    parameters: {
      value: { description: "a number", datainfo: { type: "double" }, initial: 1.5 },
      status: statusParameter("IDLE", "WARN", "ERROR"),
      _broken: {
        description: "a parameter that cannot be read",
        datainfo: { type: "double" },
        read: () => {
          throw new HardwareError("the sensor does not answer");
        },
      },
      pollinterval: POLL_INTERVAL,
    },
  };
}
