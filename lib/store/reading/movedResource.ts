/** Finds images again that were moved with the run they belong to. */

import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { StreamResource } from "../../engine/documents/documents";
import { pathOfUri } from "./imageFiles";

/**
 * The resource as it is if its file or folder exists. Otherwise the end of its path is looked for, first in
 * the folder of the run and then in the folders above, and the resource has the path that was found; it stays
 * as it is if there is none.
 */
export function movedResource(resource: StreamResource, runFolder: string): StreamResource {
  const { uri } = resource;
  const path = uri.startsWith("file:") ? pathOfUri(uri) : undefined;
  if (path === undefined || existsSync(path)) return resource;
  const parts = path.split(sep).filter((part) => part !== "");
  for (let folder = runFolder; ; folder = dirname(folder)) {
    for (let from = 0; from < parts.length; from += 1) {
      const moved = join(folder, ...parts.slice(from));
      if (!existsSync(moved)) continue;
      return { ...resource, uri: `${pathToFileURL(moved).href}${uri.endsWith("/") ? "/" : ""}` };
    }
    if (dirname(folder) === folder) return resource;
  }
}
