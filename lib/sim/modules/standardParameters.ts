/** Parameters every simulated module declares the same way. */
import { STATUS } from "../../secop/values/moduleStatus";
import type { JsonObject, ParameterDefinition } from "../node/moduleDefinition";

export type StatusName = keyof typeof STATUS;

/** A module's `status` that knows the named codes; IDLE at start. */
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

/** `pollinterval`, in simulated seconds; 1 s at start. */
export const POLL_INTERVAL: ParameterDefinition = {
  description: "time between two readings",
  datainfo: { type: "double", unit: "s", min: 0.1, max: 120 },
  readonly: false,
  initial: 1,
};
