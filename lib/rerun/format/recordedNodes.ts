/** The descriptions of the nodes in a recording. */

import { nodeKey } from "../../secop/wire/nodeKey";
import type { Recording } from "./readRecording";

/**
 * The first description of each node in a recording, as JSON text, by the key of its address (`nodeKey`), in
 * the order of their first connections.
 */
export function recordedNodes({ lines }: Pick<Recording, "lines">): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const nodes = new Map<number, string>();
  for (const { sign, connection, text } of lines) {
    if (sign === "+") nodes.set(connection, nodeKey(text));
    const node = sign === "<" ? nodes.get(connection) : undefined;
    const json = node === undefined ? undefined : /^describing \S* (\{.*)$/s.exec(text)?.[1];
    if (node !== undefined && json !== undefined && !found.has(node)) found.set(node, json);
  }
  return found;
}
