/** Descriptions of real frappy nodes; their texts are ours. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The name and the JSON value of each description. */
export const realDescriptions: readonly (readonly [string, Record<string, unknown>])[] = readdirSync(__dirname)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => [file.slice(0, -".json".length), JSON.parse(readFileSync(join(__dirname, file), "utf8"))] as const);

/** The description with this name. @throws Error if there is none. */
export function realDescription(name: string): Record<string, unknown> {
  const found = realDescriptions.find(([known]) => known === name);
  if (!found) throw new Error(`there is no description ${name}`);
  return found[1];
}
