/** Where the locks of a notebook are: in the folder `NAME.lock` beside it, a file a node. */

import { basename, dirname, join } from "node:path";
import { stemOf } from "../notebookFile";

export const lockFolder = (notebook: string): string => `${stemOf(notebook)}.lock`;

/** The file of a node's lock. Its name is that of the variable, never a text of the node. */
export const lockFile = (notebook: string, name: string): string => join(lockFolder(notebook), `${name}.json`);

/** How messages name the file of a lock: `NAME.lock/cryo.json`. */
export const shownLockFile = (path: string): string => `${basename(dirname(path))}/${basename(path)}`;
