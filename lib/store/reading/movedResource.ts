/** Finds images again that were moved with the run they belong to. */

import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { StreamResource } from "../../engine/documents/documents";
import { pathOfUri } from "./imageFiles";

/**
 * The resource as it is or, if its file or folder is not there, the one with the same end of its path beside
 * or above the folder of the run.
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
