/** The text that a child process writes into a pipe. */

import type { Readable } from "node:stream";
import { bindToCell } from "./cell";

/**
 * Passes the text of a pipe to `write` as it comes, as code of the calling cell. Resolves when the pipe is
 * closed.
 */
export function passOnText(pipe: Readable, write: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  pipe.on(
    "data",
    bindToCell((chunk: Buffer) => write(decoder.decode(chunk, { stream: true }))),
  );
  pipe.on("error", () => {});
  return new Promise((resolve) => {
    pipe.once("close", () => {
      const rest = decoder.decode();
      if (rest !== "") write(rest);
      resolve();
    });
  });
}
