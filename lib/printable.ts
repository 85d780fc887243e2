/** Text from outside made harmless for terminals and notebooks. */

/**
 * Control characters, and characters that reorder text. They could move the cursor, change colours or hide
 * words.
 */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text with control characters made visible (`\x1b`). Tab and line feed stay as they are. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => {
    if (c === "\r") return "\\r";
    const code = c.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/**
 * The same on one line of at most `width` characters (default 80; `Infinity` for all). Text that was cut ends
 * in `…`.
 */
export function oneLine(text: string, width = 80): string {
  const start = text.length > 4 * width ? text.slice(0, 4 * width) : text;
  const line = printable(start.replace(/\s+/g, " "));
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}
