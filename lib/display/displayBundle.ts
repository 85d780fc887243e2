import type { MimeBundle } from "./bundle";
import type { Html } from "./html";
import { block } from "./style";

/** The bundle of a display: its text, and its blocks with the stylesheet. */
export function displayBundle(text: string, ...blocks: readonly (Html | null | undefined)[]): MimeBundle {
  return { "text/plain": text, "text/html": block(...blocks).markup };
}
