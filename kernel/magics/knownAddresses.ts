const addresses = new Set(["localhost:10767"]);

/** Addresses of SEC nodes that this notebook has met, for completion; those given are added. */
export function knownAddresses(...met: readonly string[]): string[] {
  for (const address of met) addresses.add(address);
  return [...addresses].sort();
}
