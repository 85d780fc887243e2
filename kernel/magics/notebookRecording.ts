/** The recording that belongs to the notebook. */

import { basename } from "node:path";
import { notebookPath } from "./notebookLocks";

/** `NAME.rec` for the notebook `NAME.ipynb`: what runs it says its name. */
export function defaultRecording(): string {
  const { SECOP_LAB_NOTEBOOK, JPY_SESSION_NAME } = process.env;
  const name = basename(notebookPath() || SECOP_LAB_NOTEBOOK || JPY_SESSION_NAME || "").replace(/\.ipynb$/, "");
  return `${/^[^/\\]+$/.test(name) ? name : "notebook"}.rec`;
}
