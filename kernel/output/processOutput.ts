/** Sends what code writes to stdout and stderr to its cell. */

import type { StreamName } from "../protocol/index";
import { currentCell } from "./cell";

type Write = typeof process.stdout.write;

/**
 * Sends text that code writes to stdout and stderr, for instance by console.log, to the cell that the code
 * belongs to. Before the first cell, text goes where it went before. Returns a function that undoes this.
 */
export function captureProcessOutput(): () => void {
  const undo = [capture("stdout"), capture("stderr")];
  return () => {
    for (const fn of undo) fn();
  };
}

function capture(name: StreamName): () => void {
  const stream = process[name];
  const original = stream.write;
  const decoder = new TextDecoder();
  const write = (
    chunk: string | Uint8Array,
    encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    const cell = currentCell();
    if (!cell) return original.call(stream, chunk, encodingOrDone as BufferEncoding, done);
    cell.stream(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const callback = typeof encodingOrDone === "function" ? encodingOrDone : done;
    if (callback) process.nextTick(callback);
    return true;
  };
  stream.write = write as Write;
  return () => {
    stream.write = original;
  };
}
