/** Answers about code that is typed: what may stand at the cursor, and what is known about the name there. */

import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CellModules } from "../modules/cellModules";
import type { NotebookWorkspace } from "../modules/workspace";
import type { CompletionDetail, CompletionInfo, QuickInfo } from "../tslabAdapter";
import type { CellChecker } from "./cellChecker";
import { analyseCell, type CellText, isInString } from "./cellText";
import type { CheckerApi } from "./checkerApi";
import { type LanguageServer, type LspRange, uriOf } from "./languageServer";
import { memberOwner, typeOfOwner } from "./memberOwner";
import { type CellOfLayer, inCells } from "./serverDiagnostics";
import { docsOf, type Markup, markdownOf, partsOf, type SymbolDocs, withoutImport } from "./symbolDocs";
import { type NotebookWords, reworded } from "./wording";
import type { WrittenCell } from "./writtenCell";

interface LspCompletion {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly insertText?: string;
  /** Set by `completionItem/resolve`. */
  readonly detail?: string;
  readonly documentation?: Markup;
  readonly textEdit?: { readonly range?: LspRange; readonly insert?: LspRange };
}

interface LspSignatures {
  readonly activeSignature?: number | null;
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: Markup;
    readonly parameters?: readonly { readonly label: string | [number, number]; readonly documentation?: Markup }[];
  }[];
}

interface Hover {
  readonly contents: Markup;
}

/** TypeScript's words for the kinds of the protocol. */
const KINDS: readonly string[] = [
  "",
  "string",
  "method",
  "function",
  "constructor",
  "property",
  "var",
  "class",
  "interface",
  "module",
  "property",
  "unit",
  "const",
  "enum",
  "keyword",
  "snippet",
  "color",
  "script",
  "alias",
  "directory",
  "enum member",
  "const",
  "class",
  "event",
  "operator",
  "type parameter",
];
const KEYWORD = 14;
/** The `sortText` of global names. */
const GLOBAL = "15";
/** The most candidates that are explained. */
const MAX_EXPLAINED = 12;
/** The time that the compiler has for explaining them. */
const EXPLAIN_MS = 50;
/** More names of earlier cells than that are listed without asking the compiler about each. */
const MAX_ASKED = 40;
const INTERNAL = /^__(?:let_|cell|layer|question|secopLab)/;
const OPEN_SPECIFIER = /\b(?:from|import)\s*\(?\s*(["'])((?:(?!\1)[^\n])*)$/;
/** A string that is open before the cursor and has a `/` in it. */
const OPEN_PATH = /(["'`])((?:(?!\1)[^\n\\$])*\/)((?:(?!\1)[^\n\\$/])*)$/;

export class Questions {
  readonly #workspace: NotebookWorkspace;
  readonly #server: LanguageServer;
  readonly #api: CheckerApi;
  readonly #cells: CellModules;
  readonly #checker: CellChecker;
  readonly #words: NotebookWords;
  readonly #cellOf: CellOfLayer;
  /** Questions have a file of their own, so that they never change the text of a cell that is checked. */
  readonly file: string;
  /** Modules that resolve in every workspace. */
  readonly #packages: readonly string[];

  constructor(parts: {
    readonly workspace: NotebookWorkspace;
    readonly server: LanguageServer;
    readonly api: CheckerApi;
    readonly cells: CellModules;
    readonly checker: CellChecker;
    readonly words: NotebookWords;
    readonly cellOf: CellOfLayer;
  }) {
    this.#workspace = parts.workspace;
    this.#server = parts.server;
    this.#api = parts.api;
    this.#cells = parts.cells;
    this.#checker = parts.checker;
    this.#words = parts.words;
    this.#cellOf = parts.cellOf;
    this.file = `${parts.workspace.folder}/__question.ts`;
    const { name, dependencies } = JSON.parse(fs.readFileSync(`${parts.workspace.packageRoot}/package.json`, "utf8"));
    this.#packages = [name, ...Object.keys(dependencies ?? {})];
  }

  /** Opens the files in which questions are asked: one for TypeScript, one for TSX. */
  open(): void {
    for (const file of [this.file, `${this.file}x`]) this.#server.write(file, "export {}");
  }

  async complete(source: CellText, position: number): Promise<CompletionInfo> {
    const { code } = source;
    const specifier = OPEN_SPECIFIER.exec(code.slice(0, position))?.[2];
    if (specifier !== undefined) return this.#modules(source, position, specifier);
    const names = await this.#names(source, position);
    return names.candidates.length > 0 ? names : (this.#files(source, position) ?? names);
  }

  async inspect(source: CellText, position: number): Promise<QuickInfo | undefined> {
    const owner = memberOwner(source.code, position);
    const written = this.#checker.write(source);
    const hover = await this.#hover(written, owner?.end ?? position);
    const about = hover && partsOf(markdownOf(hover.contents));
    // The server answers `any` about words that mean nothing.
    if (about && about.signature !== "any") return this.#quickInfo(about);
    if (owner?.named) {
      const { code, position: at } = owner.named;
      const answer = await this.#hover(this.#checker.write(analyseCell(code)), at);
      const type = typeOfOwner(partsOf(markdownOf(answer?.contents)).signature);
      return type === "" ? undefined : this.#quickInfo({ signature: `${owner.text}: ${type}`, ...docsOf("") });
    }
    const help = await this.#ask<LspSignatures | null>("textDocument/signatureHelp", written, position);
    const signature = this.#signature(help);
    if (!signature || signature.documentation?.[0]?.text || signature.tags?.length) return signature;
    // Overloads of an interface have no description of their own: that of the function that is called counts.
    const name = /^[\p{ID_Continue}$]+/u.exec(signature.displayParts?.[0]?.text ?? "")?.[0] ?? "";
    const callee = source.code.lastIndexOf(`${name}(`, position);
    if (name === "" || callee < 0) return signature;
    const { documentation, tags } = partsOf(markdownOf((await this.#hover(written, callee))?.contents));
    return { ...signature, documentation: [{ text: documentation }], tags };
  }

  #quickInfo({ signature, documentation, tags }: SymbolDocs & { readonly signature: string }): QuickInfo {
    return {
      displayParts: [{ text: this.#reworded(withoutImport(signature)) }],
      documentation: [{ text: documentation }],
      tags,
    };
  }

  #hover(written: WrittenCell, position: number): Promise<Hover | null> {
    return this.#ask("textDocument/hover", written, position);
  }

  #signature(help: LspSignatures | null): QuickInfo | undefined {
    const signature = help?.signatures[help.activeSignature ?? 0];
    if (!help || signature === undefined) return undefined;
    const more = help.signatures.length - 1;
    const text = `${signature.label}${more > 0 ? ` (+${more} overloads)` : ""}`;
    const { documentation, tags } = docsOf(markdownOf(signature.documentation));
    const parameters = (signature.parameters ?? []).flatMap(({ label, documentation: docs }) => {
      const name = typeof label === "string" ? label : signature.label.slice(...label);
      const about = markdownOf(docs).trim();
      return about === "" ? [] : [{ name: "param", text: [{ text: `${name.split(/[?:]/)[0]} ${about}` }] }];
    });
    const others = tags.filter(({ name }) => name !== "param");
    return {
      displayParts: [{ text: this.#reworded(text) }],
      documentation: [{ text: documentation }],
      tags: [...parameters, ...others],
    };
  }

  async #names(source: CellText, position: number): Promise<CompletionInfo> {
    const { code } = source;
    const start = wordStart(code, position);
    const word = code.slice(start, position).toLowerCase();
    const isMember = code[start - 1] === ".";
    const matching = isMember
      ? []
      : [...this.#cells.names.keys()].filter((name) => name.toLowerCase().startsWith(word));
    const written = this.#checker.write(source, matching.slice(-MAX_ASKED));
    const [found, own] = await Promise.all([
      this.#completions(written, position),
      isMember ? this.#ownMembers(written, code, start) : undefined,
    ]);
    const edit = isMember ? undefined : found.find(({ textEdit }) => textEdit)?.textEdit;
    const range = edit?.range ?? edit?.insert;
    const asked = written.positionOf(position);
    const from = range === undefined ? start : position - (asked.character - range.start.character);
    const typed = code.slice(from, position);
    const kinds = new Map<string, string>();
    const items = new Map<string, LspCompletion>();
    for (const item of own === undefined ? found : ownFirst(found, own)) {
      const { label, kind = 0, insertText, sortText } = item;
      // `[name]` replaces the dot. A member whose key is a symbol comes as a global name, and cannot follow
      // the dot.
      if (INTERNAL.test(label) || insertText?.startsWith("[") || (isMember && sortText === GLOBAL)) continue;
      const name = /^(["'`])(.*)\1$/.exec(label)?.[2] ?? label;
      if (!name.toLowerCase().startsWith(typed.toLowerCase())) continue;
      kinds.set(name, this.#kindOf(name, KINDS[kind] ?? ""));
      items.set(name, item);
    }
    if (found.some(({ kind }) => kind === KEYWORD) && !isMember) {
      for (const name of matching) if (!kinds.has(name)) kinds.set(name, this.#kindOf(name, ""));
    }
    const sorted = asTypedFirst([...kinds], typed);
    return {
      start: from,
      end: position,
      candidates: sorted.map(([name]) => name),
      kinds: sorted.map(([, kind]) => kind),
      details: await this.#explained(sorted.slice(0, MAX_EXPLAINED).map(([name]) => items.get(name))),
    };
  }

  /** Types and documentation of candidates. */
  async #explained(items: readonly (LspCompletion | undefined)[]): Promise<(CompletionDetail | undefined)[]> {
    const details = items.map((): CompletionDetail | undefined => undefined);
    const asked = items.map(async (item, k) => {
      if (item === undefined || item.kind === KEYWORD) return;
      const { detail = "", documentation } = await this.#server.request<LspCompletion>("completionItem/resolve", item);
      const signature = this.#reworded(withoutImport(detail));
      if (signature !== "") details[k] = { signature, documentation: markdownOf(documentation).trim() };
    });
    await Promise.race([Promise.allSettled(asked), delay(EXPLAIN_MS, undefined, { ref: false })]);
    return [...details];
  }

  /**
   * @param typed What stands between the quote and the cursor. Some entries replace all of it, paths its last
   * part.
   */
  async #modules(source: CellText, position: number, typed: string): Promise<CompletionInfo> {
    const found = await this.#completions(this.#checker.write(source, [], true), position);
    const entries = new Map(found.map(({ label, kind = 0 }) => [label, KINDS[kind] ?? ""]));
    if (!/^[./]/.test(typed)) for (const name of this.#packages) entries.set(name, "external module name");
    const parts = [typed, typed.slice(typed.lastIndexOf("/") + 1)];
    const part = parts.find((text) => [...entries.keys()].some((name) => name.startsWith(text))) ?? "";
    const matching = [...entries].filter(([name]) => name.startsWith(part) && !INTERNAL.test(name));
    return {
      start: position - part.length,
      end: position,
      candidates: matching.map(([name]) => name),
      kinds: matching.map(([, kind]) => kind),
    };
  }

  #files(source: CellText, position: number): CompletionInfo | undefined {
    const [, , parent, typed] = OPEN_PATH.exec(source.code.slice(0, position)) ?? [];
    if (parent === undefined || typed === undefined) return undefined;
    if (!isOpenString(source, position)) return undefined;
    const found = entriesOf(path.resolve(this.#workspace.folder, parent)).filter(
      ({ name }) => name.startsWith(typed) && (typed.startsWith(".") || !name.startsWith(".")),
    );
    return {
      start: position - typed.length,
      end: position,
      candidates: found.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)),
      kinds: found.map((entry) => (entry.isDirectory() ? "directory" : "file")),
    };
  }

  async #completions(written: WrittenCell, position: number): Promise<readonly LspCompletion[]> {
    const answer = await this.#ask<{ items: LspCompletion[] } | LspCompletion[] | null>(
      "textDocument/completion",
      written,
      position,
    );
    const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
    return items.toSorted((a, b) => compare(a.sortText ?? "", b.sortText ?? "") || compare(a.label, b.label));
  }

  async #ownMembers(written: WrittenCell, code: string, start: number): Promise<ReadonlySet<string>> {
    const dot = code[start - 2] === "?" ? start - 2 : start - 1;
    // An answer about the text comes first: the snapshot is that of the last one.
    await this.#ask("textDocument/foldingRange", written, start);
    return this.#api.ownMembers(this.#fileOf(written), written.offsetOf(dot) - 1);
  }

  #ask<T>(method: string, written: WrittenCell, position: number): Promise<T> {
    const file = this.#fileOf(written);
    const params = { textDocument: { uri: uriOf(file) }, position: written.positionOf(position) };
    return this.#server.request<T>(method, params, () => this.#server.write(file, written.text));
  }

  #fileOf({ tsx }: WrittenCell): string {
    return tsx ? `${this.file}x` : this.file;
  }

  /** A name of an earlier cell comes by an import, but is what it was declared as. */
  #kindOf(name: string, kind: string): string {
    return this.#cells.names.get(name)?.element ?? kind;
  }

  #reworded(text: string): string {
    return reworded(inCells(text, this.#cellOf), this.#words);
  }
}

/**
 * What class files and cells declare before what libraries do; what SECoP does not define (`_pid`) behind
 * what it does.
 */
function ownFirst(found: readonly LspCompletion[], own: ReadonlySet<string>): readonly LspCompletion[] {
  const rank = ({ label }: LspCompletion): number => (own.has(label) ? 0 : 2) + (label.startsWith("_") ? 1 : 0);
  return found.toSorted((a, b) => rank(a) - rank(b) || compare(a.label, b.label));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names in the case that was typed before those in another: `RE` before `read`. */
function asTypedFirst<E extends readonly [string, string]>(entries: readonly E[], typed: string): E[] {
  const rank = ([name]: E): number => (name.startsWith(typed) ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

function wordStart(code: string, position: number): number {
  return /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position))?.index ?? position;
}

/** A quote may stand in a comment as well, or end a string rather than begin one. */
function isOpenString(source: CellText, position: number): boolean {
  if (!source.broken) return isInString(source, source.edited.toEdited(position));
  let open = "";
  const before = source.code.slice(0, position);
  for (const [token] of before.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|\\.|["'`\n]/g)) {
    if (token.length > 1) {
      if (open !== "") continue;
      if (token.startsWith("//") && !token.includes("\n") && before.endsWith(token)) return false;
    } else if (open === "" && token !== "\n") open = token;
    else if (open === token || (token === "\n" && open !== "`")) open = "";
  }
  return open !== "";
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
