/** Answers questions about names: `name?` and `help(...)`, about values, types and magics. */

import type { Displayable } from "../../lib/display/mimeBundle";
import { UsageError } from "../../lib/errors";
import { memberNames, nearest } from "../../lib/nearest";
import { wordsOf } from "../compiler/parser";
import type { Cell } from "../output/cell";
import type { QuickInfo } from "../tslabAdapter";
import { HELP_MAGIC } from "./findMagics";
import { type Magic, type MagicContext, type MagicRegistry, prefixedName, usageOf } from "./magicRegistry";
import type { CellInput } from "./sourcePlace";

/** The parts of the notebook, beside its values, that magics need. */
export interface MagicNotebook {
  /** What the type checker knows about the name at a position of code. */
  inspect(code: string, position: number): Promise<QuickInfo | undefined>;
  /** Removes variables. */
  forget(names: readonly string[]): void;
  /** The executed cells, the oldest first. */
  inputs(): readonly CellInput[];
}

export class NameHelpDesk {
  readonly #registry: () => MagicRegistry;
  readonly #values: () => ReadonlyMap<string, unknown>;
  readonly #notebook: MagicNotebook;

  constructor(registry: () => MagicRegistry, values: () => ReadonlyMap<string, unknown>, notebook: MagicNotebook) {
    this.#registry = registry;
    this.#values = values;
    this.#notebook = notebook;
  }

  /**
   * What the type checker knows about a name, or "magic" if it is one, whose help is printed. Rejects for a
   * name that does not exist.
   *
   * @param inspect Asks about the name as a value.
   */
  async infoOf(
    name: string,
    inspect: () => Promise<QuickInfo | undefined>,
    context: MagicContext,
  ): Promise<QuickInfo | "magic" | undefined> {
    if (this.#isMagic(name)) {
      this.printMagic({ name: name.replace(/^%+/, ""), kind: "line" }, context);
      return "magic";
    }
    const asValue = await inspect();
    const info = isAbout(name, asValue) ? asValue : await this.#inspectType(name);
    if (info && isAbout(name, info)) return this.#withSignature(name, info);
    this.#requireName(name, context);
    return undefined;
  }

  /** Functions whose type has a name, as in `const mv: Move`, are shown by how they are called. */
  async #withSignature(name: string, info: QuickInfo): Promise<QuickInfo> {
    const [{ text = "" } = {}] = info.displayParts ?? [];
    if (!/^(?:const|let|var|\(property\)) [\w.$]+: \p{Lu}\w*(?:<[^()]*>)?$/u.test(text)) return info;
    const code = `${name}(`;
    const { displayParts } = (await this.#notebook.inspect(code, code.length)) ?? {};
    return displayParts?.[0]?.text.includes("(") ? { ...info, displayParts } : info;
  }

  /** The help about a name, as an object that shows itself. */
  show(name: string, info: QuickInfo | undefined, cell: Cell): Promise<Displayable> {
    const inputs = [...this.#notebook.inputs(), { line: cell.count, input: cell.code }];
    return shownHelp(name, info, memberOf(this.#values(), name), inputs);
  }

  /** The help about the arguments of `help(...)`; undefined if it was printed. */
  async about(given: readonly unknown[], cell: Cell, context: MagicContext): Promise<Displayable | undefined> {
    const [value] = given;
    if (given.length === 0) {
      this.printMagic({ name: HELP_MAGIC, kind: "line" }, context);
      return undefined;
    }
    const name = typeof value === "string" ? value : this.#nameOf(value);
    if (name === undefined) {
      const own = typeof value === "function" ? value.name : "";
      return shownHelp(own === "" ? "this value" : own, undefined, value, []);
    }
    const info = await this.infoOf(name, () => this.#notebook.inspect(name, name.length - 1), context);
    return info === "magic" ? undefined : this.show(name, info, cell);
  }

  /** The name of an object or a function; equal numbers and the like are not the same thing. */
  #nameOf(value: unknown): string | undefined {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return undefined;
    return [...this.#values()].find(([, one]) => one === value)?.[0];
  }

  /** Prints the help for a magic, of both kinds if both have this name. */
  printMagic({ name, kind }: Pick<Magic, "name" | "kind">, context: MagicContext): void {
    const registry = this.#registry();
    const magics = [registry.line(name), registry.cell(name)].filter((magic) => magic !== undefined);
    if (magics.length === 0) throw registry.unknown(kind, name);
    context.print(magics.map((magic) => helpText(magic)).join("\n\n"));
  }

  /** A variable takes precedence over a magic of the same name. */
  #isMagic(name: string): boolean {
    if (name.startsWith("%")) return true;
    const isKnown = this.#registry().line(name) ?? this.#registry().cell(name);
    return isKnown !== undefined && !this.#values().has(name);
  }

  /** What the type checker knows about a name that is only a type. */
  #inspectType(name: string): Promise<QuickInfo | undefined> {
    const code = `type __Asked = ${name}`;
    return this.#notebook.inspect(code, code.length - 1);
  }

  /** Throws if the notebook has no such name, or no such member of a value. */
  #requireName(name: string, context: MagicContext): void {
    const [first = "", ...members] = name.split(".");
    if (!context.isName(first) && !(first in globalThis)) throw this.#unknown(name);
    const path = name.slice(0, name.lastIndexOf("."));
    const owner = members.length > 0 ? memberOf(this.#withGlobal(first), path) : undefined;
    const member = members.at(-1) ?? "";
    if ((typeof owner !== "object" && typeof owner !== "function") || owner === null || member in owner) return;
    const meant = nearest(member, memberNames(owner));
    throw new UsageError(`${path} has no ${member}${meant === undefined ? "" : `: did you mean ${meant}?`}`);
  }

  /** The values of the notebook, with a global name among them unless the notebook has its own. */
  #withGlobal(name: string): ReadonlyMap<string, unknown> {
    const values = this.#values();
    return values.has(name) ? values : new Map([[name, Reflect.get(globalThis, name)]]);
  }

  #unknown(name: string): UsageError {
    const magics = this.#registry()
      .list()
      .map((magic) => prefixedName(magic));
    const meant = nearest(name, [...this.#values().keys(), ...magics]);
    const advice = meant === undefined ? "%who lists the variables, %lsmagic the magics" : `did you mean ${meant}?`;
    return new UsageError(`there is no ${name}: ${advice}`);
  }
}

/** The usage and the help of a magic. */
export function helpText(magic: Magic): string {
  return `${usageOf(magic)}\n${magic.help}`;
}

function shownHelp(
  name: string,
  info: QuickInfo | undefined,
  value: unknown,
  inputs: readonly CellInput[],
): Promise<Displayable> {
  // Loaded when they are needed, because a kernel must start fast.
  const { nameHelp } = require("./nameHelp") as typeof import("./nameHelp");
  const { sourcePlace } = require("./sourcePlace") as typeof import("./sourcePlace");
  return nameHelp({ name, info, value, place: sourcePlace(name, value, inputs) });
}

/** Whether the type checker knows the name: otherwise it says only "any". */
function isAbout(name: string, info: QuickInfo | undefined): boolean {
  const said = info?.displayParts?.map(({ text }) => text).join("") ?? "";
  const isUnresolved = /^type \S+ = (?:\/\*unresolved\*\/ )?any$/.test(said);
  return !isUnresolved && wordsOf(said).has(name.slice(name.lastIndexOf(".") + 1));
}

/** The value of a name or of a chain of members. */
function memberOf(values: ReadonlyMap<string, unknown>, path: string): unknown {
  const [first = "", ...members] = path.split(".");
  try {
    return members.reduce<unknown>(
      (owner, name) => (owner as Record<string, unknown> | undefined)?.[name],
      values.get(first),
    );
  } catch {
    return undefined;
  }
}
