/** The packages that cells have imported, with their versions: for the start documents of runs. */

import { readFileSync } from "node:fs";
import path from "node:path";

/** The folders of the packages by their names. */
const folders = new Map<string, string>();

/** Remembers the package of an import. @param folder the folder of its package.json */
export function noteImport(id: string, folder: string): void {
  folders.set(packageName(id), folder);
}

/** The name of the package that a specifier names: `@scope/name/part` is `@scope/name`. */
export function packageName(id: string): string {
  return id.split("/", id.startsWith("@") ? 2 : 1).join("/");
}

/**
 * The versions of the packages, under names that keys of documents may have: `@scope__name` for
 * `@scope/name`.
 */
export function importedVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const [name, folder] of folders) {
    try {
      const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { version?: unknown };
      if (typeof version === "string") versions[name.replace("/", "__").replaceAll(".", "_")] = version;
    } catch {
      // The package was removed after its import, so that its version is not known any more.
    }
  }
  return versions;
}
