import type { MimeBundle } from "./bundle";
import type { Html } from "./html";
import { printable } from "./printable";
import { block } from "./style";

/** The bundle of a display: its text, in which words of a node cannot command a terminal, and its blocks with the stylesheet. */
export function displayBundle(text: string, ...blocks: readonly (Html | null | undefined)[]): MimeBundle {
  return { "text/plain": printable(text), "text/html": block(...blocks).markup };
}
