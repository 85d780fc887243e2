/** Completes members, names of this and earlier cells, types, and modules and paths in imports. */

import fs from "node:fs";
import ts from "typescript";
import type { CompletionInfo } from "../tslabAdapter";
import type { Cells } from "./cells";
import { filePathsAt } from "./filePaths";
import type { Project } from "./project";
import type { CellSource } from "./source";
import type { Workspace } from "./workspace";

/**
 * If there are more names of earlier cells than this, they are listed without asking the checker about each.
 */
const MAX_ASKED = 40;
const INTERNAL = /^__(cell_|secopLab)/;
const OPEN_SPECIFIER = /\b(?:from|import)\s*\(?\s*(["'])((?:(?!\1)[^\n])*)$/;

export class Completer {
  readonly #project: Project;
  readonly #cells: Cells;
  readonly #folder: string;
  /** The modules that resolve in every workspace. */
  readonly #packages: readonly string[];

  constructor(project: Project, cells: Cells, { folder, packageRoot }: Workspace) {
    this.#project = project;
    this.#cells = cells;
    this.#folder = folder;
    const { name, dependencies } = JSON.parse(fs.readFileSync(`${packageRoot}/package.json`, "utf8"));
    this.#packages = [name, ...Object.keys(dependencies ?? {})];
  }

  at(source: CellSource, position: number): CompletionInfo {
    const { code } = source;
    const before = code.slice(0, position);
    const specifier = OPEN_SPECIFIER.exec(before)?.[2];
    if (specifier !== undefined) return this.#modules(source, position, specifier);
    const names = this.#names(source, position);
    return names.candidates.length > 0 ? names : (this.#files(code, position) ?? names);
  }

  #files(code: string, position: number): CompletionInfo | undefined {
    const paths = filePathsAt(code, position, this.#folder);
    if (paths === undefined) return undefined;
    return {
      start: position - paths.typed.length,
      end: position,
      candidates: paths.entries.map(({ name }) => name),
      kinds: paths.entries.map(({ kind }) => kind),
    };
  }

  #names(source: CellSource, position: number): CompletionInfo {
    const { code } = source;
    const start = wordStart(code, position);
    const word = code.slice(start, position).toLowerCase();
    const matching =
      code[start - 1] === "."
        ? []
        : [...this.#cells.names.keys()].filter((name) => name.toLowerCase().startsWith(word));
    const { found, toCode } = this.#ask(source, position, matching);
    if (found === undefined) return { start: position, end: position, candidates: [], kinds: [] };
    const span = found.optionalReplacementSpan;
    const from = span === undefined ? start : Math.min(toCode(span.start), position);
    const typed = code.slice(from, position).toLowerCase();
    const kinds = new Map<string, string>();
    const entries = found.isMemberCompletion ? ownFirst(found.entries) : found.entries;
    for (const { name, kind } of entries) {
      if (name.toLowerCase().startsWith(typed) && !INTERNAL.test(name)) kinds.set(name, this.#kindOf(name, kind));
    }
    if (found.isGlobalCompletion)
      for (const name of matching) kinds.set(name, kinds.get(name) ?? this.#kindOf(name, ""));
    const sorted = asTypedFirst([...kinds], code.slice(from, position));
    return {
      start: from,
      end: position,
      candidates: sorted.map(([name]) => name),
      kinds: sorted.map(([, kind]) => kind),
    };
  }

  /**
   * @param typed The text between the quote and the cursor. Some entries replace all of it, paths only its
   * last part.
   */
  #modules(source: CellSource, position: number, typed: string): CompletionInfo {
    const entries = new Map(
      (this.#ask(source, position, []).found?.entries ?? []).map(({ name, kind }) => [name, kind]),
    );
    if (!/^[./]/.test(typed))
      for (const name of this.#packages) entries.set(name, ts.ScriptElementKind.externalModuleName);
    const parts = [typed, typed.slice(typed.lastIndexOf("/") + 1)];
    const part = parts.find((text) => [...entries.keys()].some((name) => name.startsWith(text))) ?? "";
    const matching = [...entries].filter(([name]) => name.startsWith(part));
    const start = position - part.length;
    return {
      start,
      end: position,
      candidates: matching.map(([name]) => name),
      kinds: matching.map(([, kind]) => kind),
    };
  }

  #ask(source: CellSource, position: number, also: readonly string[]) {
    const { text, offset } = this.#cells.checkText(source, new Set(also.slice(-MAX_ASKED)));
    this.#project.write(this.#project.current, text);
    const found = this.#project.service.getCompletionsAtPosition(
      this.#project.current,
      offset + source.toText(position),
      {
        includeCompletionsForModuleExports: false,
        includeCompletionsWithInsertText: false,
        includeSymbol: true,
      },
    );
    return { found, toCode: (at: number) => source.toCode(at - offset) };
  }

  /**
   * The kind of a name. For a name of an earlier cell, which is imported, it is the kind with which it was
   * declared.
   */
  #kindOf(name: string, kind: string): string {
    return kind === "" || kind === ts.ScriptElementKind.alias ? (this.#cells.names.get(name)?.element ?? kind) : kind;
  }
}

/**
 * The order of members: those that class files and cells declare, such as a node's modules, come before those
 * of libraries, and custom names (`_pid`) come after those that SECoP defines.
 */
function ownFirst(entries: readonly ts.CompletionEntry[]): readonly ts.CompletionEntry[] {
  const isOwn = ({ symbol }: ts.CompletionEntry): boolean =>
    symbol?.declarations?.some((declaration) => !declaration.getSourceFile().isDeclarationFile) ?? false;
  const rank = (entry: ts.CompletionEntry): number => (isOwn(entry) ? 0 : 2) + (entry.name.startsWith("_") ? 1 : 0);
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

/** The order of names: those in the case that was typed come first, `RE` before `read`. */
function asTypedFirst<E extends readonly [string, string]>(entries: readonly E[], typed: string): E[] {
  const rank = ([name]: E): number => (name.startsWith(typed) ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

function wordStart(code: string, position: number): number {
  const before = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position));
  return before?.index ?? position;
}
