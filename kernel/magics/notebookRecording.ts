/** The recording that belongs to the notebook. */

import { basename } from "node:path";
import { stemOf } from "../notebookFile";
import { notebookPath } from "./notebookLocks";

/** `NAME.rec` for the notebook `NAME.ipynb`, whose name is known from the program that runs it. */
export function defaultRecording(): string {
  const { SECOP_LAB_NOTEBOOK, JPY_SESSION_NAME } = process.env;
  const name = stemOf(basename(notebookPath() || SECOP_LAB_NOTEBOOK || JPY_SESSION_NAME || ""));
  return `${/^[^/\\]+$/.test(name) ? name : "notebook"}.rec`;
}
