/** A simulated node made of nothing but a description. */
import { UsageError } from "../errors";
import { parseDescription } from "../secop/description";
import { asObject } from "../secop/jsonFields";
import type { JsonObject, ModuleFactory } from "./node/definition";
import { replicaModule } from "./node/replica";
import { runNode, type SimNode, type SimNodeOptions } from "./startSimNode";

/**
 * Starts a node that answers `describe` with `description` (the JSON value a real node gave, or its text) word for word.
 * Parameters start with the plainest value their datainfo allows; writables store, Drivables move within a second of simulated time.
 * Rejects with a UsageError if the description has no modules.
 */
export async function simulate(description: unknown, options: SimNodeOptions = {}): Promise<SimNode> {
  const json = asObject(typeof description === "string" ? parseText(description) : description);
  if (!asObject(json?.modules)) throw new UsageError("this is no description of a SEC node: it has no modules");
  const parsed = parseDescription(json);
  const modules = Array.from(parsed.modules.values(), (module): [string, ModuleFactory] => [
    module.name,
    (self) => replicaModule(self, module),
  ]);
  return runNode({ modules, identity: IDENTITY, description: json as JsonObject }, options);
}

const IDENTITY = "ISSE&SINE2020,SECoP,V2019-09-16,v1.0";

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError("the description is no JSON text", { cause });
  }
}
