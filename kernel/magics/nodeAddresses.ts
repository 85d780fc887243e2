/**
 * The addresses of SEC nodes for completion: those used before in this folder, and those found in the
 * network.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../../lib/disk";
import { discoverNodes } from "../../lib/index";

const DEFAULT = "localhost:10767";
/** How many addresses are remembered. */
const KEPT = 20;
/**
 * Seconds to wait for answers. Nodes answer within milliseconds, and a user who pressed Tab should not wait.
 */
const PATIENCE = 0.2;

const discovered = new Set<string>();
let search: Promise<void> | undefined;

/** Remembers an address for later sessions in this folder. */
export function rememberAddress(uri: string): void {
  const addresses = [uri, ...recent().filter((other) => other !== uri)].slice(0, KEPT);
  try {
    // Node's own way of making folders does not end if the working folder was deleted.
    makeFolder(resolve(dirname(file())));
    writeFileSync(file(), `${JSON.stringify(addresses, null, 1)}\n`);
  } catch {
    // Ignore the failure: in a folder that cannot be written to, addresses are not remembered.
  }
}

/**
 * The addresses used before, the latest first, and then those of nodes that answer within a fifth of a
 * second.
 */
export async function knownAddresses(): Promise<string[]> {
  search ??= askNetwork();
  await search;
  return [...new Set([...recent(), ...discovered, DEFAULT])];
}

async function askNetwork(): Promise<void> {
  for (const { uri } of await discoverNodes({ timeout: PATIENCE })) discovered.add(uri);
  search = undefined;
}

function recent(): string[] {
  try {
    const addresses: unknown = JSON.parse(readFileSync(file(), "utf8"));
    return Array.isArray(addresses) ? addresses.filter((address) => typeof address === "string") : [];
  } catch {
    return [];
  }
}

function file(): string {
  return join(process.cwd(), ".secop-lab", "addresses.json");
}
