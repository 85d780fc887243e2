/** Where the native compiler of TypeScript is. */

import path from "node:path";
import { UsageError } from "../../lib/errors";

/**
 * The native executable itself: Node's wrapper around it would cost a process and its start. Throws if it is
 * not installed.
 */
export function compilerPath(): string {
  return path.join(compilerFolder(), process.platform === "win32" ? "tsc.exe" : "tsc");
}

/** The folder of the executable, which also has the declarations of the language's library. */
export function compilerFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const own = require.resolve("typescript7/package.json");
    const file = require.resolve(`@typescript/typescript-${platform}/package.json`, { paths: [own] });
    return path.join(path.dirname(file), "lib");
  } catch {
    throw new UsageError(
      `the compiler of TypeScript for ${platform} is not installed: reinstall secop-lab, with its optional dependencies`,
    );
  }
}
