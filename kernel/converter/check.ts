/** Type-checks a cell against the names of earlier cells, the files of the workspace and its packages. */

import ts from "typescript";
import type { Diagnostic } from "../tslabAdapter";
import type { Cells } from "./cells";
import type { DeclaredName } from "./declarations";
import { cellDiagnostics, cellMessage, fileDiagnostics, isWarning } from "./diagnostics";
import type { Project } from "./project";
import { resolveNames } from "./resolveNames";
import { distinguished } from "./sameNames";
import type { CellSource } from "./source";
import { isVersioned, unversioned } from "./sourceVersions";
import type { NotebookWords } from "./wording";
import type { Workspace } from "./workspace";

export interface CheckedCell {
  /** The errors; if there is any, the cell must not run. */
  readonly errors: Diagnostic[];
  readonly warnings: Diagnostic[];
  /** The names that the cell declares, as types or values. Empty if there are errors. */
  readonly declared: DeclaredName[];
  readonly program: ts.Program;
  /** The checked file: a generated line of `offset` characters, followed by the cell. */
  readonly file: ts.SourceFile;
  readonly offset: number;
}

/** The codes of the diagnostics "Cannot find module". */
const MISSING_MODULE: ReadonlySet<number> = new Set([2307, 2792, 7016, 2882]);
/**
 * The first line of files that `generateClasses` wrote. They are correct by construction and large, so they
 * are not checked.
 */
const GENERATED = /^\/\/ <secop-lab generated [\s\S]*?^\/\/ <\/secop-lab generated>$/m;
const BLANK_OR_COMMENTS = /^(?:\s|\/\/[^\n]*)*$/;
const RESERVED: ReadonlySet<string> = new Set(["exports", "require"]);

export class CellChecker {
  readonly #workspace: Workspace;
  readonly #project: Project;
  readonly #cells: Cells;
  readonly #words: NotebookWords;
  readonly #checkedFiles = new Set<string>();
  readonly #warnedFiles = new Set<string>();

  constructor(workspace: Workspace, project: Project, cells: Cells, words: NotebookWords) {
    this.#workspace = workspace;
    this.#project = project;
    this.#cells = cells;
    this.#words = words;
  }

  check(source: CellSource): CheckedCell {
    const { resolver } = this.#project;
    if (this.#project.refresh(source.specifiers)) this.#onDiskChange();
    const offset = this.#write(source);
    const program = this.#project.program();
    const file = program.getSourceFile(this.#project.current) as ts.SourceFile;
    const positions = { code: source.code, start: offset, toCode: (at: number) => source.toCode(at - offset) };
    const found = [
      ...reservedNames(source),
      ...this.#importedFiles(source, program),
      ...cellDiagnostics(diagnosticsOf(program, file, source.unchecked), positions, this.#words, (diagnostic) =>
        distinguished(diagnostic, file, program.getTypeChecker()),
      ),
    ];
    if (found.some(({ code }) => MISSING_MODULE.has(code))) resolver.retryFailed();
    const errors = found.filter((diagnostic) => !isWarning(diagnostic));
    if (errors.length > 0) return { errors, warnings: [], declared: [], program, file, offset };
    const { declared, untyped } = resolveNames(program.getTypeChecker(), file, source);
    const warnings = [...found, ...untyped, ...this.#changedFiles(source)];
    return { errors, warnings, declared, program, file, offset };
  }

  /** Loads the types of what the cell imports, in slices. */
  load(source: CellSource): Generator<void> {
    return this.#project.load(() => this.#write(source));
  }

  /** Files are checked again, also those that have not changed: they may use some that have. */
  #onDiskChange(): void {
    this.#cells.importOnlyNeeded();
    this.#checkedFiles.clear();
  }

  /** Makes the cell the current text. Returns the offset where it begins. */
  #write(source: CellSource): number {
    const { text, offset } = this.#cells.checkText(source);
    this.#project.write(this.#project.current, text);
    return offset;
  }

  /**
   * Errors in workspace files that this cell imports, which would otherwise appear at run time only, far from
   * their cause.
   */
  #importedFiles(source: CellSource, program: ts.Program): Diagnostic[] {
    if (source.specifiers.length === 0) return [];
    return program.getSourceFiles().flatMap((file) => {
      if (!isVersioned(file.fileName) || this.#checkedFiles.has(file.fileName)) return [];
      const own = file.text.replace(GENERATED, "");
      const found = BLANK_OR_COMMENTS.test(own) ? [] : diagnosticsOf(program, file);
      const reported = fileDiagnostics(found, this.#workspace.folder, this.#words);
      if (reported.every(isWarning)) this.#checkedFiles.add(file.fileName);
      return reported;
    });
  }

  /**
   * Warnings about files that were edited: names that earlier cells imported from them keep their old
   * version.
   */
  #changedFiles(source: CellSource): Diagnostic[] {
    const { resolver } = this.#project;
    const changed = new Set<string>();
    for (const cell of this.#cells.used(source)) {
      for (const imported of resolver.dependencies(resolver.cellFile(cell))) {
        if (this.#warnedFiles.has(imported)) continue;
        const stale = resolver.stale(imported);
        if (stale.size === 0) continue;
        this.#warnedFiles.add(imported);
        changed.add(unversioned(imported).slice(this.#workspace.folder.length + 1));
      }
    }
    return [...changed].map((file) =>
      cellMessage(
        source.code,
        { start: 0, end: 0 },
        `${file} changed on disk, run its import again`,
        ts.DiagnosticCategory.Warning,
      ),
    );
  }
}

function diagnosticsOf(program: ts.Program, file: ts.SourceFile, syntaxOnly = false): readonly ts.Diagnostic[] {
  const syntactic = program.getSyntacticDiagnostics(file);
  return syntaxOnly || syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
}

function reservedNames({ code, declared }: CellSource): Diagnostic[] {
  return declared
    .filter(({ name, kind }) => RESERVED.has(name) && kind !== "type")
    .map(({ name, start }) =>
      cellMessage(
        code,
        { start, end: start + name.length },
        `"${name}" exists in every cell and cannot be declared: choose another name`,
      ),
    );
}
