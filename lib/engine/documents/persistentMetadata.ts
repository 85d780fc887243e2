/** Metadata that survives the process: `makeRunEngine({ md: persistentMetadata("md.json") })`. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../../errors";
import { withoutByteOrderMark } from "../../json";
import type { Metadata } from "../engineSettings";
import { plain } from "./metadata";

/**
 * An object that is kept in a JSON file. The file is read now, and written whenever an entry is set or
 * deleted; a change inside an entry is written with the next of these. A missing file gives an empty object;
 * a file that holds no JSON object throws.
 */
export function persistentMetadata(file: string): Metadata {
  const path = resolve(file);
  const md = load(path);
  return new Proxy(md, {
    set: (target, key, value) => {
      save(path, { ...target, [key]: value });
      return Reflect.set(target, key, value);
    },
    deleteProperty: (target, key) => {
      const done = Reflect.deleteProperty(target, key);
      save(path, target);
      return done;
    },
  });
}

function load(path: string): Metadata {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new UsageError(`cannot read the metadata in ${path}`, { cause: error });
  }
  let md: unknown;
  try {
    md = JSON.parse(withoutByteOrderMark(text));
  } catch (error) {
    throw new UsageError(`${path} is not valid JSON: repair it, or delete it to start with empty metadata`, {
      cause: error,
    });
  }
  if (typeof md !== "object" || md === null || Array.isArray(md))
    throw new UsageError(
      `${path} does not contain a JSON object: repair it, or delete it to start with empty metadata`,
    );
  return md as Metadata;
}

/**
 * Writes the metadata as documents hold them, or throws what a run would refuse. A new file is written first
 * and then renamed, so a crash leaves either the old file or the new one.
 */
function save(path: string, md: Metadata): void {
  const text = `${JSON.stringify(plain(md), null, 2)}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
