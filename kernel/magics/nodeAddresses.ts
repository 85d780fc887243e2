/** The addresses of SEC nodes that a person may mean: used before in this folder, or found in the network. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { discoverNodes } from "../../lib/index";

const DEFAULT = "localhost:10767";
const KEPT = 20;
/** Seconds. Nodes answer in milliseconds, and a person who pressed Tab should not wait. */
const PATIENCE = 0.2;

const discovered = new Set<string>();
let search: Promise<void> | undefined;

/** Keeps an address for later sessions in this folder. */
export function rememberAddress(uri: string): void {
  const addresses = [uri, ...recent().filter((other) => other !== uri)].slice(0, KEPT);
  try {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), `${JSON.stringify(addresses, null, 1)}\n`);
  } catch {
    // A folder that cannot be written to has no memory.
  }
}

/** The last used first, then what answers in the network within a fifth of a second. */
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
