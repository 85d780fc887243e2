import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What measured: kept in every start document, as bluesky does, since data outlive programs. */
export function versions(): Record<string, string> {
  return { "secop-lab": ownVersion(), node: process.versions.node };
}

/** From package.json above this file, wherever it was compiled to. */
function ownVersion(): string {
  for (let dir = __dirname; ; dir = dirname(dir)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as Record<string, unknown>;
      if (name === "secop-lab") return String(version);
    } catch {
      // Not in this folder: look above.
    }
    if (dir === dirname(dir)) return "unknown";
  }
}
