/** A node that is simulated by its description only. */

import { UsageError } from "../../errors";
import { parseDescription } from "../../secop/description/parseDescription";
import { asObject } from "../../secop/values/jsonFields";
import type { JsonObject, ModuleFactory } from "../node/moduleDefinition";
import { replicaModule } from "./replicaModule";

/** The modules for a description (JSON value or text). @throws UsageError if it has no modules. */
export function replicaOf(description: unknown): { modules: [string, ModuleFactory][]; description: JsonObject } {
  const json = asObject(typeof description === "string" ? parseText(description) : description);
  if (!asObject(json?.modules)) throw new UsageError("this is not a description of a SEC node: it has no modules");
  const modules = Array.from(parseDescription(json).modules.values(), (module): [string, ModuleFactory] => [
    module.name,
    (self) => replicaModule(self, module),
  ]);
  return { modules, description: json as JsonObject };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError("the description is not valid JSON", { cause });
  }
}
