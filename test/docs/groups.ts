/** Which pages are run, and which share a kernel. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { docsFolder } from "./page";

const PARTS = ["tutorials", "how-to", "explanation", "reference"];

/** The pages of each part of docs/ that are run; each group shares one kernel, so that the test is quick. */
export function pageGroups(): Map<string, string[]> {
  const groups = PARTS.map((part): [string, string[]] => [
    part,
    readdirSync(join(docsFolder, part))
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${part}/${file}`),
  ]);
  return new Map([["front", ["index.md", "from-python.md"]], ...groups]);
}
