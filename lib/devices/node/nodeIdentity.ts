/** What identifies a SEC node in the start documents of runs. */

import type { SourceIdentity } from "../../core/protocols/dataSources";
import { oneLine } from "../../printable";
import type { NodeDescription } from "../../secop/description/description";
import { sha256, sortedJson } from "../../secop/description/descriptionHash";
import { isTwinHere, SIMULATED } from "../../secop/link/simulatedNodes";

/** The texts of descriptions with their hashes: a large one is made once for each connection. */
const known = new WeakMap<NodeDescription, { readonly text: string; readonly sha256: string }>();

/** @param name the name of the device */
export function nodeIdentity(name: string, uri: string, description: NodeDescription): SourceIdentity {
  let hashed = known.get(description);
  if (!hashed) {
    const text = sortedJson(description.raw);
    hashed = { text, sha256: sha256(text) };
    known.set(description, hashed);
  }
  const { equipment_id, firmware } = description;
  const simulated = simulationOf(uri, description);
  const facts = {
    equipment_id,
    uri,
    ...(firmware !== undefined && { firmware }),
    ...(simulated !== undefined && { simulated }),
    description_sha256: hashed.sha256,
  };
  return { kind: "sec_node", name, facts, description: hashed.text };
}

/** What a twin was made from; undefined for a real node. */
export function simulationOf(uri: string, { properties }: NodeDescription): string | undefined {
  const origin = properties.get(SIMULATED);
  if (typeof origin === "string") return oneLine(origin, 200);
  return isTwinHere(uri) ? "of its description" : undefined;
}
