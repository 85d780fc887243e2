/** The recording that belongs to the notebook. */

import { basename } from "node:path";

/** `NAME.rec` for the notebook `NAME.ipynb`: Jupyter and `secop-lab run` say its name. */
export function defaultRecording(): string {
  const { SECOP_LAB_NOTEBOOK, JPY_SESSION_NAME } = process.env;
  const name = basename(SECOP_LAB_NOTEBOOK || JPY_SESSION_NAME || "").replace(/\.ipynb$/, "");
  return `${/^[^/\\]+$/.test(name) ? name : "notebook"}.rec`;
}
