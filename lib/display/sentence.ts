/** A text as a sentence. */

/** Ends the text with a full stop, unless it ends with a mark of its own, such as a question. */
export function sentence(text: string): string {
  return text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
}
