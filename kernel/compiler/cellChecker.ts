/** Type-checks a cell against what earlier cells left, the workspace's files and its packages. */

import type { CellModules } from "../modules/cellModules";
import type { DeclaredName, NameKind } from "../modules/declaredNames";
import type { SourceResolver } from "../modules/sourceResolver";
import { isVersioned, unversioned } from "../modules/sourceVersions";
import type { NotebookWorkspace } from "../modules/workspace";
import type { Diagnostic } from "../tslabAdapter";
import type { CellName } from "./cellDeclarations";
import type { CellText, ExportedName } from "./cellText";
import type { CheckerApi } from "./checkerApi";
import { isAllGenerated } from "./generatedPart";
import { type LanguageServer, uriOf } from "./languageServer";
import { type Layers, starName } from "./layers";
import { listHabits, listNotices } from "./listHabits";
import {
  cellNotice,
  type DiagnosticPlace,
  inFile,
  isSyntaxCode,
  MISSING_MODULE,
  reportedDiagnostics,
  WARNING,
} from "./serverDiagnostics";
import { withSimilarNames } from "./similarNames";
import { SourceTexts } from "./sourceTexts";
import { lineStarts } from "./textEdits";
import { namesUsedByJsx } from "./transform";
import type { StarItem } from "./typeTexts";
import type { NotebookWords } from "./wording";
import { WrittenCell } from "./writtenCell";

export interface AcceptedCell {
  /** Any of these: the cell must not run. */
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** The names that the cell leaves, with types distinguished from values. Empty if there are errors. */
  readonly declared: readonly DeclaredName[];
  /** The names that the cell declares itself. */
  readonly own: readonly CellName[];
  readonly stars: readonly StarItem[];
  readonly written: WrittenCell;
  /** The types of its variables as text, which come while the cell runs. */
  readonly types: Promise<ReadonlyMap<string, string>>;
}

/** The text of a file in which nothing is checked at the moment. */
const EMPTY = "export {}";
const RESERVED: ReadonlySet<string> = new Set(["exports", "require"]);

export class CellChecker {
  readonly #workspace: NotebookWorkspace;
  readonly #server: LanguageServer;
  readonly #api: CheckerApi;
  readonly #resolver: SourceResolver;
  readonly #cells: CellModules;
  readonly #layers: Layers;
  readonly #words: NotebookWords;
  readonly #sources: SourceTexts;
  readonly #checkedFiles = new Set<string>();
  readonly #warnedFiles = new Set<string>();
  #missing = false;
  /** The file of the last cell that was checked. */
  #current: string;

  constructor(parts: {
    readonly workspace: NotebookWorkspace;
    readonly server: LanguageServer;
    readonly api: CheckerApi;
    readonly resolver: SourceResolver;
    readonly cells: CellModules;
    readonly layers: Layers;
    readonly words: NotebookWords;
  }) {
    this.#workspace = parts.workspace;
    this.#server = parts.server;
    this.#api = parts.api;
    this.#resolver = parts.resolver;
    this.#cells = parts.cells;
    this.#layers = parts.layers;
    this.#words = parts.words;
    this.#sources = new SourceTexts(parts.server, parts.resolver);
    this.#current = this.file;
  }

  /** The file in which cells are checked; a TSX file beside it is for cells with JSX. */
  get file(): string {
    return this.#resolver.cellFile();
  }

  /** Opens the files in which cells are checked. */
  open(): void {
    for (const file of [this.file, `${this.file}x`]) this.#server.write(file, EMPTY);
    this.#configure();
  }

  async check(source: CellText): Promise<AcceptedCell> {
    const changed = this.#changedOnDisk(source);
    if (this.#missing) await this.#forgetMissing();
    if (changed) this.#layers.importOnlyNeeded();
    if (changed || source.augments)
      this.#layers.hide(
        source.declared.map(({ name }) => name),
        source.augments?.key,
      );
    const written = this.write(source);
    const file = this.#fileOf(written);
    const found = await this.#server.diagnostics(file, () => {
      if (file !== this.#current) this.#server.write(this.#current, EMPTY);
      this.#current = file;
      this.#server.write(file, written.text);
    });
    const relevant = source.unchecked ? found.filter(({ code }) => isSyntaxCode(code)) : found;
    const reported = [
      ...reservedNames(source),
      ...(await this.#importedFiles()),
      ...reportedDiagnostics(relevant, written.place, this.#words, this.#layers.cellOf, source.broken),
    ].map((one) => ({ ...one, messageText: written.asImported(one.messageText) }));
    if (source.broken && reported.length === 0) reported.push(...parserErrors(source));
    this.#missing = [...found, ...reported].some(({ code }) => MISSING_MODULE.has(code));
    const errors = reported.filter(({ category }) => category !== WARNING);
    if (errors.length > 0) {
      const explained = await withSimilarNames(errors, source.code, (offset) => this.#namesAt(file, written, offset));
      this.#layers.showAll();
      const types = Promise.resolve(new Map<string, string>());
      return { errors: explained, warnings: [], declared: [], own: [], stars: [], written, types };
    }
    return this.#accepted(source, written, reported);
  }

  /**
   * Takes in what is on disk now: the tsconfig, and the sources and packages that the cell imports. Returns
   * whether it differs.
   */
  #changedOnDisk({ specifiers }: CellText): boolean {
    const reconfigured = this.#workspace.reread();
    if (reconfigured) {
      this.#configure();
      this.#resolver.reconfigure();
      this.#sources.forget();
      this.#checkedFiles.clear();
    }
    const sources = this.#resolver.refresh(specifiers.map(({ id }) => id));
    const packages = specifiers.length === 0 ? [] : this.#resolver.packages.changed();
    this.#server.changedOnDisk([...sources, ...packages]);
    if (packages.length > 0) this.#missing = true;
    return reconfigured || sources.length + packages.length > 0;
  }

  /** The text for the compiler, with the workspace files that it imports opened. */
  write(source: CellText, also: Iterable<string> = [], tolerant = false): WrittenCell {
    return new WrittenCell(source, {
      specifier: (id) => (tolerant && /[\\/]$/.test(id) ? undefined : this.#sources.open(id, this.file)),
      checkText: (text, specifier, moved) => {
        const names = source.tsx ? [...also, ...namesUsedByJsx(this.#workspace.options)] : also;
        const kindOf = (name: string): NameKind | undefined => this.#cells.names.get(name)?.kind;
        return this.#layers.checkText(source, text, specifier, kindOf, moved, names);
      },
    });
  }

  async #accepted(source: CellText, written: WrittenCell, warnings: readonly Diagnostic[]): Promise<AcceptedCell> {
    const meant = namesToLookUp(source);
    const places = meant.map(({ start }) => written.toChecked(start));
    const meanings = await this.#api.meanings(this.#fileOf(written), places);
    const isType = (name: string): boolean => {
      const meaning = meanings[meant.findIndex((each) => each.name === name)];
      return meaning !== undefined && !meaning.isValue;
    };
    const own = source.declared.map((name) => {
      const meaning = meanings[meant.indexOf(name)];
      return {
        ...name,
        kind: isType(name.name) ? ("type" as const) : name.kind,
        element: meaning?.element ?? name.element,
      };
    });
    const stars = await this.#stars(source, written);
    const declared = [...own, ...clauseNames(source, own, isType), ...starNames(stars)];
    const types = this.#types(source, written);
    const untyped = own.some(({ evolving }) => evolving) ? untypedNames(source.code, own, await types, source) : [];
    const all = [...warnings, ...untyped, ...(await this.#listNotices(source, written)), ...this.#changedFiles(source)];
    return { errors: [], warnings: all, declared: unique(declared), own, stars, written, types };
  }

  /** The names that the compiler offers at an offset of the cell that it has checked. */
  async #namesAt(file: string, written: WrittenCell, offset: number): Promise<readonly string[]> {
    const params = { textDocument: { uri: uriOf(file) }, position: written.positionOf(offset) };
    const answer = await this.#server.request<{ items: { label: string }[] } | null>("textDocument/completion", params);
    return (answer?.items ?? []).map(({ label }) => label.replace(/^(["'`])(.*)\1$/, "$2").replace(/\?$/, ""));
  }

  /** The specifier by which a cell imports a module. */
  specifier(id: string): string {
    return this.#sources.open(id, this.file) ?? id;
  }

  #configure(): void {
    const { folder, configuration, globals } = this.#workspace;
    this.#server.write(`${folder}/tsconfig.json`, configuration);
    this.#server.write(`${folder}/__globals.d.ts`, globals);
  }

  #fileOf({ tsx }: WrittenCell): string {
    return tsx ? `${this.file}x` : this.file;
  }

  async #types(source: CellText, written: WrittenCell): Promise<ReadonlyMap<string, string>> {
    const open = source.declared.filter(
      (name) => name.source === undefined && name.type === undefined && name.literal === undefined,
    );
    const texts = await this.#api.typeTexts(
      this.#fileOf(written),
      open.map(({ start }) => written.toChecked(start)),
    );
    const known = open.flatMap(({ name }, k) =>
      texts[k] === undefined ? [] : [[name, this.#sources.resolvable(texts[k])] as const],
    );
    return new Map(known);
  }

  async #listNotices(source: CellText, written: WrittenCell): Promise<Diagnostic[]> {
    const habits = listHabits(source);
    const places = habits.flatMap(({ name }) => (name === undefined ? [] : [written.toChecked(name)]));
    return listNotices(source, habits, await this.#api.typeTexts(this.#fileOf(written), places));
  }

  async #stars(
    source: CellText,
    written: WrittenCell,
  ): Promise<(StarItem & { readonly meanings: readonly Meaning[] })[]> {
    const declared = new Set(source.declared.map(({ name }) => name));
    return Promise.all(
      source.stars.map(async (from, k) => {
        const at = written.text.lastIndexOf(`import * as ${starName(k)}`) + "import * as ".length;
        const exported = await this.#api.exportsAt(this.#fileOf(written), at);
        // A name that the cell declares itself takes precedence, as in any module.
        const meanings = exported.filter(
          ({ name }) => name !== "default" && /^[\p{ID_Start}$_]/u.test(name) && !declared.has(name),
        );
        return { from, names: meanings.map(({ name }) => name), meanings };
      }),
    );
  }

  /**
   * Errors in workspace files that this cell brings in; they would show at run time only, far from their
   * cause.
   */
  async #importedFiles(): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    for (const file of this.#resolver.graph(this.#resolver.dependencies(this.file))) {
      if (!isVersioned(file) || file.endsWith(".json") || this.#checkedFiles.has(file)) continue;
      const errors = isAllGenerated(this.#resolver.versions.text(file) ?? "") ? [] : await this.#fileErrors(file);
      if (errors.every(({ category }) => category === WARNING)) this.#checkedFiles.add(file);
      found.push(...errors);
    }
    return found;
  }

  async #fileErrors(file: string): Promise<Diagnostic[]> {
    const text = this.#sources.text(file);
    const starts = lineStarts(text.text);
    const place: DiagnosticPlace = {
      code: text.original,
      isOurs: () => false,
      offsetOf: ({ line, character }) => text.toOriginal((starts[line] ?? text.text.length) + character),
    };
    const found = await this.#server.diagnostics(file);
    const isBroken = found.some(({ severity, code }) => severity === 1 && isSyntaxCode(code));
    return reportedDiagnostics(found, place, this.#words, this.#layers.cellOf, isBroken).map((diagnostic) =>
      inFile(diagnostic, file, this.#workspace.folder),
    );
  }

  /** Another list of imports makes the compiler look for missing modules again, which may have come since. */
  async #forgetMissing(): Promise<void> {
    this.#missing = false;
    this.#layers.importOnlyNeeded();
    this.#server.write(this.#current, EMPTY);
    await this.#server.flush(this.#current);
  }

  /**
   * Warns of imported files that changed on disk, since the names of earlier cells stay as they were
   * imported.
   */
  #changedFiles(source: CellText): Diagnostic[] {
    const changed = new Set<string>();
    for (const cell of this.#cells.usedBy(source)) {
      for (const imported of this.#resolver.dependencies(this.#resolver.cellFile(cell))) {
        if (this.#warnedFiles.has(imported) || this.#resolver.stale(imported).size === 0) continue;
        this.#warnedFiles.add(imported);
        changed.add(unversioned(imported).slice(this.#workspace.folder.length + 1));
      }
    }
    return [...changed].map((file) =>
      cellNotice(source.code, { start: 0, end: 0 }, `${file} changed on disk, run its import again`, WARNING),
    );
  }
}

/** The names that may be types or values: only the compiler knows. */
export function namesToLookUp({ declared, exported }: CellText): (CellName | ExportedName)[] {
  const imported = declared.filter(({ origin, source: text }) => origin === "import" || text?.includes("import "));
  return [...imported, ...exported];
}

interface Meaning {
  readonly name: string;
  readonly isValue: boolean;
  readonly element: string | undefined;
}

function reservedNames({ code, declared, edited }: CellText): Diagnostic[] {
  return declared
    .filter(({ name, kind }) => (RESERVED.has(name) || name.startsWith("__secopLab")) && kind !== "type")
    .map(({ name, start }) => {
      const at = edited.toOriginal(start);
      const text = `"${name}" exists in every cell and cannot be declared: choose another name`;
      return cellNotice(code, { start: at, end: at + name.length }, text);
    });
}

/** The errors of our parser in code that the compiler accepts. */
function parserErrors({ code, edited, tree }: CellText): Diagnostic[] {
  return tree.errors.map(({ message, labels }) => {
    const { start = 0, end = start } = labels[0] ?? {};
    return cellNotice(code, { start: edited.toOriginal(start), end: edited.toOriginal(end) }, message);
  });
}

function untypedNames(
  code: string,
  own: readonly CellName[],
  types: ReadonlyMap<string, string>,
  { edited }: CellText,
): Diagnostic[] {
  return own
    .filter(({ name, evolving }) => evolving && /^any(?:\[\])?$/.test(types.get(name) ?? ""))
    .map(({ name, start }) => {
      const at = edited.toOriginal(start);
      const text = `later cells see "${name}" as any: give it a type where it is declared`;
      return cellNotice(code, { start: at, end: at + name.length }, text, WARNING);
    });
}

/** Names of `export {a as b}`. */
function clauseNames(source: CellText, own: readonly CellName[], isType: (name: string) => boolean): DeclaredName[] {
  const known = new Set(own.map(({ name }) => name));
  return source.exported
    .filter(({ name }) => !known.has(name) && name !== "default")
    .map(({ name, start, isType: marked }) => {
      const kind = marked || isType(name) ? ("type" as const) : ("value" as const);
      return {
        name,
        kind,
        element: kind === "type" ? "type" : "const",
        origin: "reexport" as const,
        start,
        evolving: false,
      };
    });
}

function starNames(stars: readonly { readonly meanings: readonly Meaning[] }[]): DeclaredName[] {
  return stars.flatMap(({ meanings }) =>
    meanings.map(({ name, isValue, element = "const" }) => {
      const kind = isValue ? ("value" as const) : ("type" as const);
      return { name, kind, element, origin: "reexport" as const, start: 0, evolving: false };
    }),
  );
}

function unique(names: readonly DeclaredName[]): DeclaredName[] {
  return [...new Map(names.toReversed().map((name) => [name.name, name])).values()].toReversed();
}
