/** Sends what code writes to the file descriptors of stdout and stderr to its cell. */

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { currentCell } from "./cell";

/** Captures what code writes to the file descriptors 1 and 2. Returns functions that undo it. */
export function captureDescriptors(): (() => void)[] {
  const toCell = (file: unknown, data: unknown, encoding: unknown): number | undefined => {
    const name = file === 1 || file === "/dev/stdout" ? "stdout" : file === 2 || file === "/dev/stderr" ? "stderr" : "";
    const cell = name === "" ? undefined : currentCell();
    if (name === "" || !cell) return undefined;
    const bytes = ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(String(data), (Buffer.isEncoding(String(encoding)) ? encoding : "utf8") as BufferEncoding);
    cell.stream(name, bytes.toString());
    return bytes.length;
  };
  const part = (data: unknown, offset: unknown, length: unknown): unknown => {
    if (!ArrayBuffer.isView(data)) return data;
    const { offset: from = 0, length: count } =
      typeof offset === "object" && offset !== null
        ? (offset as { offset?: number; length?: number })
        : { offset: Number(offset ?? 0), length: typeof length === "number" ? length : undefined };
    return new Uint8Array(data.buffer, data.byteOffset + from, count ?? data.byteLength - from);
  };
  type Replaced = Record<"writeSync" | "write" | "writeFileSync" | "appendFileSync", (...args: unknown[]) => unknown>;
  const { writeSync, write, writeFileSync, appendFileSync } = fs;
  // The replacements take any arguments and pass them on, so the overloads are of no use here.
  const original = { writeSync, write, writeFileSync, appendFileSync } as unknown as Replaced;
  const patch = (name: keyof Replaced, write: (...args: unknown[]) => unknown): (() => void) => {
    const before = original[name];
    (fs as unknown as Replaced)[name] = Object.defineProperties(write, Object.getOwnPropertyDescriptors(before));
    return () => {
      (fs as unknown as Replaced)[name] = before;
      syncBuiltinESMExports();
    };
  };
  const encodingOf = (options: unknown): unknown =>
    typeof options === "object" && options !== null ? (options as { encoding?: unknown }).encoding : options;
  return [
    patch("writeSync", (fd, data, offset, length, ...rest) => {
      const encoding = typeof data === "string" ? length : undefined;
      return toCell(fd, part(data, offset, length), encoding) ?? original.writeSync(fd, data, offset, length, ...rest);
    }),
    patch("write", (fd, data, ...rest) => {
      const done = rest.at(-1);
      const written = toCell(fd, part(data, rest[0], rest[1]), typeof data === "string" ? rest[1] : undefined);
      if (written === undefined || typeof done !== "function") return original.write(fd, data, ...rest);
      process.nextTick(done as (...args: unknown[]) => void, null, written, data);
      return undefined;
    }),
    ...(["writeFileSync", "appendFileSync"] as const).map((name) =>
      patch(name, (file, data, options) => {
        if (toCell(file, data, encodingOf(options)) === undefined) return original[name](file, data, options);
        return undefined;
      }),
    ),
  ];
}
