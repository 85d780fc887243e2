/** How twins are known: by a property of their description, or by their address in this process. */

/**
 * The property of a twin that says what it was made from. Its runs and recordings have it, too, and other
 * clients can see it.
 */
export const SIMULATED = "_simulated";

// A workspace may load its own copy of this package: all copies know the same addresses.
const KEY: unique symbol = Symbol.for("secop-lab.simulatedAddresses") as never;
type Global = { [KEY]?: Set<string> };
(globalThis as Global)[KEY] ??= new Set();
const addresses = (globalThis as Global)[KEY] as Set<string>;

/** Notes that the node at an address is a twin, so that its runs are marked. @returns forgets it */
export function announceSimulated(uri: string): () => void {
  const address = withoutName(uri);
  addresses.add(address);
  return () => addresses.delete(address);
}

/** Whether the node at an address is a twin of this process. */
export function isSimulatedHere(uri: string): boolean {
  return addresses.has(withoutName(uri));
}

const withoutName = (uri: string): string => uri.replace(/^(?:tcp:\/\/)?localhost(?=:)/, "127.0.0.1");
