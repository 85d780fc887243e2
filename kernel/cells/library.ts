/** The names that every cell can use without an import: those of the library, and some of this kernel. */

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ProvidedNames } from "../compiler/index";
import { packageRoot } from "../installation";
import { protectedFromInterrupt } from "../stop/index";

const OF_KERNEL = "clearOutput comms display help html image input json md svg vegaLite".split(" ");

/** Code that declares these names, which give way to those that the notebook declares. */
export const PRELUDE = `export * from "secop-lab"; import { ${OF_KERNEL.join(", ")} } from "secop-lab/kernel";`;

/** The file into which the build writes the names of the prelude, see scripts/libraryNames.mjs. */
export const NAMES_FILE = join(__dirname, "libraryNames.json");

/**
 * The names of the prelude as the build found them, so that neither the library nor its types are loaded
 * before they are used. Undefined if a cell in this folder would import another copy of the library, or if
 * this one is not built.
 */
export function builtLibrary(folder: string): ProvidedNames | undefined {
  if (!existsSync(NAMES_FILE) || hasOtherCopy(folder)) return undefined;
  const names = JSON.parse(readFileSync(NAMES_FILE, "utf8")) as ProvidedNames["names"];
  const exportedBy = (specifier: (id: string) => string): string => {
    const [library, kernel] = ["secop-lab", "secop-lab/kernel"].map((id) => JSON.stringify(specifier(id)));
    return `export * from ${library};export {${OF_KERNEL.join(",")}} from ${kernel};`;
  };
  return { exportedBy, names, load: loadLibrary };
}

/** A package may import itself by its name. An interrupt does not stop it half-way. */
function loadLibrary(): Readonly<Record<string, unknown>> {
  const [library, kernel] = protectedFromInterrupt(() => [
    require("secop-lab") as object,
    require("secop-lab/kernel") as Readonly<Record<string, unknown>>,
  ]);
  // Chapters of the library are loaded when one of their names is read.
  const ofKernel = OF_KERNEL.map((name) => [name, { enumerable: true, value: kernel[name] }] as const);
  return Object.create(library, Object.fromEntries(ofKernel)) as Readonly<Record<string, unknown>>;
}

/**
 * Whether a name in the notebook, such as `count` or `mine.count`, means something else than the same name in
 * the library. Names that come from another copy of the library count as the library's.
 */
export function isOwnName(callee: string, values: ReadonlyMap<string, unknown>): boolean {
  const [first = "", ...members] = callee.split(".");
  if (!values.has(first) || members.length > 1) return members.length > 0;
  try {
    const library = loadLibrary();
    const memberOf = (owner: unknown, name = ""): unknown => Reflect.get(Object(owner), name);
    const [member] = members;
    const value = values.get(first);
    if (member === undefined) return String(value) !== String(library[first]);
    const called = String(memberOf(value, member));
    return called !== String(library[member]) && called !== String(memberOf(library[first], member));
  } catch {
    return true;
  }
}

function hasOtherCopy(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const copy = join(at, "node_modules", "secop-lab");
    if (existsSync(copy)) return realpathSync(copy) !== realpathSync(packageRoot);
    if (at === dirname(at)) return false;
  }
}
