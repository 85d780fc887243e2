/** Versions of the programs that measured. */

import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** Versions for every start document, as in bluesky: data are kept for longer than programs. */
export function versions(): Record<string, string> {
  return { "secop-lab": own.version ?? "unknown", node: process.versions.node };
}

/**
 * The versions of the packages that a script or its files loaded by `require`, under names that keys of
 * documents may have: `@scope__name` for `@scope/name`. Packages that other packages loaded are left out.
 */
export function loadedVersions(): Record<string, string> {
  const files = Object.keys(require.cache);
  if (files.length === seenFiles) return loaded;
  seenFiles = files.length;
  for (const file of files) {
    if (file.includes(MODULES) || file.startsWith(`${own.folder}${sep}`)) continue;
    for (const child of require.cache[file]?.children ?? []) addVersion(child.filename);
  }
  return loaded;
}

const MODULES = `${sep}node_modules${sep}`;
const loaded: Record<string, string> = {};
let seenFiles = 0;

function addVersion(file: string): void {
  const at = file.lastIndexOf(MODULES);
  if (at < 0) return;
  const parts = file.slice(at + MODULES.length).split(sep);
  const name = parts.slice(0, parts[0]?.startsWith("@") ? 2 : 1);
  const version = packageIn(join(file.slice(0, at), "node_modules", ...name))?.version;
  if (version !== undefined) loaded[name.join("__").replaceAll(".", "_")] = version;
}

/** This package: the folder above this file, wherever it was compiled to. */
const own = ownPackage();

function ownPackage(): { readonly folder: string; readonly version?: string } {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = packageIn(folder);
    if (found?.name === "secop-lab") return { folder, version: String(found.version) };
  }
  return { folder: __dirname };
}

function packageIn(folder: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}
