/** The magics `%who` and `%reset`, for the variables of the notebook. */

import { types } from "node:util";
import { displayBundle } from "../../lib/display/displayBundle";
import { $display } from "../../lib/display/mimeBundle";
import { htmlTable, type TableColumn, textTable } from "../../lib/display/table";
import { UsageError } from "../../lib/errors";
import { nearest } from "../../lib/nearest";
import { oneLine } from "../../lib/printable";
import { inspected, toBundle } from "../output/index";
import { splitArguments } from "./magicArguments";
import type { LineMagic, MagicContext } from "./magicRegistry";
import { isDevice } from "./notebookDevice";

const VARIABLES: readonly TableColumn[] = [
  { title: "name", align: "left" },
  { title: "type", align: "left" },
  { title: "value", align: "left", wrap: true },
];

/** `%who` lists the variables of the notebook. */
export const whoMagic: LineMagic = {
  kind: "line",
  name: "who",
  usage: "%who [TYPE ...]",
  help: "Lists the variables of this notebook with their types and values, or only those of some types: %who number Map.",
  run: async (args, context) => {
    const wanted = splitArguments(args);
    const variables = [...context.values].map(([name, value]) => ({ name, value, type: typeNameOf(value) }));
    const listed = variables.filter(({ type }) => wanted.length === 0 || wanted.includes(type));
    const rows = await Promise.all(listed.map(async ({ name, type, value }) => [name, type, await summaryOf(value)]));
    const none =
      wanted.length === 0 ? "no cell has declared a variable yet" : `no variable is of type ${wanted.join(", ")}`;
    if (rows.length === 0) return context.print(none);
    return { [$display]: () => displayBundle(textTable(VARIABLES, rows, 60), htmlTable(VARIABLES, rows)) };
  },
  complete: (text, { values }) => {
    const word = /\S*$/.exec(text)?.[0] ?? "";
    const types = new Set([...values.values()].map(typeNameOf));
    return { length: word.length, matches: [...types].filter((type) => type.startsWith(word)).sort() };
  },
};

/** Python users type `%whos` for the same table. */
export const whosMagic: LineMagic = { ...whoMagic, name: "whos", usage: "%whos [TYPE ...]", help: "The same as %who." };

/** `%reset` removes variables of the notebook. */
export const resetMagic: LineMagic = {
  kind: "line",
  name: "reset",
  usage: "%reset NAME ...",
  help: `Removes variables of this notebook, so that their memory is free and later cells do not find them; * removes all.
A device that has such a name stays connected; await disposeDevices({ name }) disconnects it before.`,
  run: (args, context) => {
    const names = splitArguments(args).flatMap((word) => (word === "*" ? [...context.values.keys()] : [word]));
    if (args === "") throw new UsageError("%reset needs the names of variables, or * for all: %reset data");
    for (const name of names) requireVariable(name, context);
    context.forget(names);
    context.print(names.length === 0 ? "no cell has declared a variable yet" : `removed ${names.join(", ")}`);
  },
  complete: (text, { values }) => {
    const word = /[^\s,]*$/.exec(text)?.[0] ?? "";
    return { length: word.length, matches: [...values.keys()].filter((name) => name.startsWith(word)) };
  },
};

function requireVariable(name: string, { values, isName }: MagicContext): void {
  if (isName(name)) return;
  const meant = nearest(name, [...values.keys()]);
  throw new UsageError(
    `there is no variable ${name}: ${meant === undefined ? "%who lists them" : `did you mean ${meant}?`}`,
  );
}

/** `number`, `Map`, `CryoNode` ...; a plan is a generator function, a module what `import *` gives. */
export function typeNameOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") {
    if (/^class\b/.test(Function.prototype.toString.call(value))) return "class";
    return value.constructor.name === "GeneratorFunction" ? "function*" : "function";
  }
  if (typeof value !== "object") return typeof value;
  if (types.isModuleNamespaceObject(value)) return "module";
  try {
    const name: unknown = value.constructor?.name;
    return typeof name === "string" && name !== "" ? name : "object";
  } catch {
    return "object";
  }
}

/**
 * The names that a module exports. Not by `Object.keys`, which reads the values: a variable that is not
 * initialised yet would throw.
 */
function exportsOf(module: object): string[] {
  return Reflect.ownKeys(module).filter((key) => typeof key === "string" && key !== "default") as string[];
}

/** A value in one line. */
async function summaryOf(value: unknown): Promise<string> {
  if (typeof value === "function") return value.name === "" ? "(no name)" : value.name;
  if (types.isModuleNamespaceObject(value)) return oneLine(exportsOf(value as object).join(", "), 100);
  const text = isDevice(value)
    ? ((await toBundle(value))["text/plain"].split("\n", 1)[0] ?? "")
    : inspected(value, { depth: 0, maxArrayLength: 8, maxStringLength: 80, breakLength: Number.POSITIVE_INFINITY });
  return oneLine(text, 100);
}
