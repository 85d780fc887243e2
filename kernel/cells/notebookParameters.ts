/** The parameters of a notebook: what the cells declare that are marked as cells of parameters. */

import { parse } from "../compiler/parser";
import type { Cell } from "../output/index";

/** A cell of parameters by its first line: the magic, or the comment with which papermill begins its cell. */
const FIRST_LINE = /^\s*(%%?parameters\b|\/\/ Parameters\s*$).*/m;
const TAGS: readonly unknown[] = ["parameters", "injected-parameters"];

/** Remembers the cells of parameters, and finds their values when a run asks for them. */
export class NotebookParameters {
  readonly #values: () => ReadonlyMap<string, unknown>;
  readonly #names = new Set<string>();
  #unread: string[] = [];

  /** @param values the names of the notebook and their values */
  constructor(values: () => ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  /** Takes a cell before it runs. */
  note({ code, metadata: { tags } }: Cell): void {
    const isTagged = Array.isArray(tags) && tags.some((tag) => TAGS.includes(tag));
    if (isTagged || FIRST_LINE.exec(code)?.index === 0) this.#unread.push(code);
  }

  /** The parameters with their values now; empty for a notebook without any. */
  values(): Record<string, unknown> {
    for (const code of this.#unread) for (const name of declaredIn(code)) this.#names.add(name);
    this.#unread = [];
    if (this.#names.size === 0) return {};
    const all = this.#values();
    return Object.fromEntries([...this.#names].filter((name) => all.has(name)).map((name) => [name, all.get(name)]));
  }
}

/** The names of the variables that code declares at its top level. */
function declaredIn(code: string): string[] {
  try {
    const { program } = parse(code.replace(/^\s*%%?parameters\b.*/, ""));
    return program.body.flatMap((statement) => {
      const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
      if (declaration?.type !== "VariableDeclaration") return [];
      return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
    });
  } catch {
    // Code that cannot be parsed declares nothing; the cell reports its error by itself.
    return [];
  }
}
