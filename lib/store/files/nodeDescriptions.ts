/** Descriptions of SEC nodes beside the runs: each is kept once, under the hash that start documents name. */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { dataSources } from "../../core/protocols/dataSources";
import { makeFolder } from "../../disk";
import type { RunStart } from "../../engine/documents/documents";

/** The folder of the descriptions, in the folder of the runs. */
const FOLDER = ".nodes";
const HASH = /^[0-9a-f]{64}$/;

/** Keeps the descriptions of the nodes that are connected when a run starts. */
export class NodeDescriptions {
  readonly #dir: string;
  readonly #kept = new Set<string>();

  /** @param dir the folder of the runs */
  constructor(dir: string) {
    // The working folder may change later.
    this.#dir = resolve(dir, FOLDER);
  }

  /** Keeps new descriptions, unless the folder cannot be written, which the files of the runs report. */
  keep(): void {
    for (const { facts, description } of dataSources()) {
      const hash = String(facts.description_sha256);
      if (description === undefined || this.#kept.has(hash)) continue;
      this.#kept.add(hash);
      try {
        makeFolder(this.#dir);
        const path = join(this.#dir, `${hash}.json`);
        // By another name first, so that a reader never finds half of it.
        writeFileSync(`${path}.${process.pid}`, description);
        renameSync(`${path}.${process.pid}`, path);
      } catch {
        this.#kept.delete(hash);
      }
    }
  }
}

/**
 * The descriptions of the nodes of a run as JSON texts, by the names of their devices, as far as they were
 * kept.
 */
export function descriptionsOf(runFile: string, { provenance }: RunStart): Map<string, string> {
  const found = new Map<string, string>();
  const nodes = (provenance as { sec_nodes?: Record<string, { description_sha256?: unknown }> } | undefined)?.sec_nodes;
  for (const [name, node] of Object.entries(nodes ?? {})) {
    const hash = node?.description_sha256;
    const text = typeof hash === "string" && HASH.test(hash) ? readAbove(dirname(runFile), `${hash}.json`) : undefined;
    if (text !== undefined) found.set(name, text);
  }
  return found;
}

/** A description in the folder of the runs, which is somewhere above the file of the run. */
function readAbove(from: string, name: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    try {
      return readFileSync(join(dir, FOLDER, name), "utf8");
    } catch {
      if (dir === dirname(dir)) return undefined;
    }
  }
}
