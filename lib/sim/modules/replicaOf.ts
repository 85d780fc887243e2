/** A simulated node made of nothing but a description. */
import { UsageError } from "../../errors";
import { parseDescription } from "../../secop/description/parseDescription";
import { asObject } from "../../secop/values/jsonFields";
import type { JsonObject, ModuleFactory } from "../node/moduleDefinition";
import { replicaModule } from "./replicaModule";

/** Throws a UsageError if the description (JSON value or text) has no modules. */
export function replicaOf(description: unknown): { modules: [string, ModuleFactory][]; description: JsonObject } {
  const json = asObject(typeof description === "string" ? parseText(description) : description);
  if (!asObject(json?.modules)) throw new UsageError("this is no description of a SEC node: it has no modules");
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
    throw new UsageError("the description is no JSON text", { cause });
  }
}
