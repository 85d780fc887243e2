/** Folders as text: forward slashes, what is inside of what, and where this package is. */

import fs from "node:fs";
import path from "node:path";
import { InternalError } from "../../lib/errors";

export function slashes(file: string): string {
  return file.replaceAll("\\", "/");
}

/** Whether `file` is `folder` or below it. */
export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

export function ownPackageRoot(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (fs.existsSync(file) && JSON.parse(fs.readFileSync(file, "utf8")).name === "secop-lab") return folder;
  }
  throw new InternalError(`no package.json of secop-lab above ${__dirname}`);
}
