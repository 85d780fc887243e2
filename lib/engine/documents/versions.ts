/** Versions of the programs that measured. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Versions for every start document, as in bluesky: data are kept for longer than programs. */
export function versions(): Record<string, string> {
  return { "secop-lab": ownVersion(), node: process.versions.node };
}

/** The version in the package.json above this file, wherever the file was compiled to. */
function ownVersion(): string {
  for (let dir = __dirname; ; dir = dirname(dir)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as Record<string, unknown>;
      if (name === "secop-lab") return String(version);
    } catch {
      // There is no readable package.json in this folder: look in the one above.
    }
    if (dir === dirname(dir)) return "unknown";
  }
}
