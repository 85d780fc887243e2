/** The nodes that this process simulates, by host and port; and the mark of twins of other nodes. */

import { nodeKey } from "../wire/nodeKey";

/**
 * The property of a twin that says what it was made from. Runs and recordings of the twin have the property,
 * too, and other clients can see it.
 */
export const SIMULATED = "_simulated";

// A workspace may load its own copy of this package: all copies know the same nodes.
const KEY: unique symbol = Symbol.for("secop-lab.simulatedNodes") as never;
type Global = { [KEY]?: Map<string, { readonly isTwin: boolean }> };
(globalThis as Global)[KEY] ??= new Map();
const nodes = (globalThis as Global)[KEY] as Map<string, { readonly isTwin: boolean }>;

/** Notes that this process simulates a node at an address. @returns a function that removes the note */
export function announceSimulated(uri: string, isTwin: boolean): () => void {
  const [place, entry] = [placeOf(uri), { isTwin }];
  nodes.set(place, entry);
  return () => {
    if (nodes.get(place) === entry) nodes.delete(place);
  };
}

/** Whether this process simulates the node at an address. */
export function isSimulatedHere(uri: string): boolean {
  return nodes.has(placeOf(uri));
}

/** Whether the node that this process simulates at an address is a twin, so that its runs are marked. */
export function isTwinHere(uri: string): boolean {
  return nodes.get(placeOf(uri))?.isTwin ?? false;
}

/** The host and port of an address: a simulated node has the same port for TCP and WebSocket. */
const placeOf = (uri: string): string => nodeKey(uri).replace(/^\w+:\/\/([^/]+).*$/s, "$1");
