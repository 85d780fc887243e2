/** Sends what code writes to stdout and stderr to its cell. */

import { syncBuiltinESMExports } from "node:module";
import type { StreamName } from "../protocol/index";
import { currentCell } from "./cell";
import { captureChildOutput } from "./childOutput";
import { captureDescriptors } from "./descriptorOutput";

type Write = typeof process.stdout.write;

/**
 * Sends text that code writes to stdout and stderr, for instance by console.log, to the cell that the code
 * belongs to. Before the first cell, text goes where it went before. Returns a function that undoes this.
 */
export function captureProcessOutput(): () => void {
  const undo = [capture("stdout"), capture("stderr"), ...captureDescriptors(), captureChildOutput()];
  syncBuiltinESMExports();
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
    const encoding = typeof encodingOrDone === "string" ? encodingOrDone : "utf8";
    cell.stream(name, isText(chunk, encoding) ? chunk : decoder.decode(bytesOf(chunk, encoding), { stream: true }));
    const callback = typeof encodingOrDone === "function" ? encodingOrDone : done;
    if (callback) process.nextTick(callback);
    return true;
  };
  stream.write = write as Write;
  return () => {
    stream.write = original;
  };
}

function isText(chunk: string | Uint8Array, encoding: string): chunk is string {
  return typeof chunk === "string" && /^utf-?8$/i.test(encoding);
}

/** The bytes of a chunk. Text in another encoding is binary data: `write("aGk=", "base64")` writes "hi". */
function bytesOf(chunk: string | Uint8Array, encoding: BufferEncoding): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
}
