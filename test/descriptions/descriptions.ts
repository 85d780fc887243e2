/** What real frappy nodes answered to `describe` (their structure; the words are ours). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Name and JSON value of each. */
export const realDescriptions: readonly (readonly [string, Record<string, unknown>])[] = readdirSync(__dirname)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => [file.slice(0, -".json".length), JSON.parse(readFileSync(join(__dirname, file), "utf8"))] as const);

/** Throws if there is none of that name. */
export function realDescription(name: string): Record<string, unknown> {
  const found = realDescriptions.find(([known]) => known === name);
  if (!found) throw new Error(`there is no description ${name}`);
  return found[1];
}
