/** Parameters that every simulated module declares in the same way. */

import { STATUS } from "../../secop/values/moduleStatus";
import type { JsonObject, ParameterDefinition } from "../node/moduleDefinition";

/** The name of a standard status code. */
export type StatusName = keyof typeof STATUS;

/** The parameter `status` with the named codes; IDLE at the start. */
export function statusParameter(...names: readonly StatusName[]): ParameterDefinition {
  const members: Record<string, number> = {};
  for (const name of names) members[name] = STATUS[name];
  const datainfo: JsonObject = {
    type: "tuple",
    members: [
      { type: "enum", members },
      { type: "string", isUTF8: true },
    ],
  };
  return { description: "what the module is doing", datainfo, initial: ["IDLE", ""] };
}

/** The parameter `pollinterval`, in simulated seconds; 1 s at the start. */
export const POLL_INTERVAL: ParameterDefinition = {
  description: "time between two readings",
  datainfo: { type: "double", unit: "s", min: 0.1, max: 120 },
  readonly: false,
  initial: 1,
};
