/** Which pages are run. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { docsFolder } from "./page";

const PARTS = ["tutorials", "how-to", "explanation", "reference"];

/** The pages of docs/ that are run. */
export function runPages(): string[] {
  const pages = PARTS.flatMap((part) => readdirSync(join(docsFolder, part)).map((file) => `${part}/${file}`));
  return ["index.md", "from-python.md", "from-spec.md", ...pages.filter((file) => file.endsWith(".md"))];
}
