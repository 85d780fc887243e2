/** The definition of a twin, whose description says that it is one. */

import { SIMULATED } from "../../secop/link/simulatedNodes";
import { asObject } from "../../secop/values/jsonFields";
import { replicaOf } from "../modules/replicaOf";
import { IDENTITIES } from "../node/identities";
import type { JsonObject } from "../node/moduleDefinition";
import type { SimulatedNodeDefinition } from "../node/simulatedNode";
import type { TwinParts } from "./twinSource";

/** @throws UsageError if the description has no modules */
export function twinDefinition({ description, behaviour, origin }: TwinParts): SimulatedNodeDefinition {
  const replica = replicaOf(description, behaviour);
  const identity = behaviour?.identity ?? IDENTITIES["1.1"];
  if (origin === undefined) return { ...replica, identity, isTwin: true };
  const { modules, ...properties } = asObject(replica.description) ?? {};
  const marked = { ...properties, [SIMULATED]: origin, modules } as JsonObject;
  return { modules: replica.modules, identity, description: marked, isTwin: true };
}
