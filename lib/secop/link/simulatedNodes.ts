/** The nodes that this process simulates, by their addresses; and the mark of twins of other nodes. */

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
  const [address, entry] = [withoutName(uri), { isTwin }];
  nodes.set(address, entry);
  return () => {
    if (nodes.get(address) === entry) nodes.delete(address);
  };
}

/** Whether this process simulates the node at an address. */
export function isSimulatedHere(uri: string): boolean {
  return nodes.has(withoutName(uri));
}

/** Whether the node that this process simulates at an address is a twin, so that its runs are marked. */
export function isTwinHere(uri: string): boolean {
  return nodes.get(withoutName(uri))?.isTwin ?? false;
}

const withoutName = (uri: string): string => uri.replace(/^(?:tcp:\/\/)?localhost(?=:)/, "127.0.0.1");
