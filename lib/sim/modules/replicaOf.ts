/** A node that is simulated by its description only. */

import { UsageError } from "../../errors";
import { describedJson, parseDescription, parseDescriptionText } from "../../secop/description/parseDescription";
import { asObject } from "../../secop/values/jsonFields";
import type { JsonObject, ModuleFactory } from "../node/moduleDefinition";
import { describedBehaviour } from "./describedFollowers";
import type { LeaderNumbers } from "./followerNumber";
import type { NodeBehaviour } from "./moduleBehaviour";
import { replicaModule } from "./replicaModule";

/**
 * The modules for a description: the JSON value or text of a node's answer to `describe`, or what
 * `parseDescription` made of it. `behaviour` is how the modules behaved when they were recorded; default: as
 * the description says. @throws UsageError if it has no modules.
 */
export function replicaOf(
  description: unknown,
  behaviour?: NodeBehaviour,
): { modules: [string, ModuleFactory][]; description: JsonObject } {
  const json = describedJson(typeof description === "string" ? parseDescriptionText(description) : description);
  if (Object.keys(asObject(json?.modules) ?? {}).length === 0) {
    throw new UsageError("this is not a description of a SEC node: it has no modules");
  }
  const parsed = parseDescription(json);
  const { modules: behaviours } = behaviour ?? describedBehaviour(parsed);
  const leaders: LeaderNumbers = new Map();
  const modules = Array.from(parsed.modules.values(), (module): [string, ModuleFactory] => [
    module.name,
    (self) => replicaModule(self, module, leaders, behaviours.get(module.name)),
  ]);
  return { modules, description: json as JsonObject };
}
