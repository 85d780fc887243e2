/** The bundle of a display, from its text and its blocks of HTML. */

import { printable } from "../printable";
import type { Html } from "./html";
import type { MimeBundle } from "./mimeBundle";
import { block } from "./style";

/** Makes the bundle. Control characters in the text are made visible, and the blocks get the stylesheet. */
export function displayBundle(text: string, ...blocks: readonly (Html | null | undefined)[]): MimeBundle {
  return { "text/plain": printable(text), "text/html": block(...blocks).markup };
}
