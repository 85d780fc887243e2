/**
 * Replaces the source of accepted cells by their declarations in idle time, so that programs stay small, and
 * the checker need not infer the types of a long chain of cells again.
 */

import type ts from "typescript";
import type { Cells } from "./cells";
import type { Project } from "./project";

interface Pending {
  readonly file: string;
  readonly program: ts.Program;
}

/** After this many cells without idle time, cells are frozen before the next one. */
const MAX_PENDING = 8;
const IDLE_MS = 30;
/** Dead cells are searched when their number may have doubled. */
const MIN_SWEEP = 64;

export class Freezer {
  readonly #project: Project;
  readonly #cells: Cells;
  readonly #pending: Pending[] = [];
  /** The cell modules that have a file, in order. */
  readonly #files = new Map<string, string>();
  readonly #kept = new Set<string>();
  /** The cell that runs or will run next, which does not count as dead although no name belongs to it yet. */
  #latest = "";
  #sweepAt = MIN_SWEEP;
  #timer: NodeJS.Timeout | undefined;

  constructor(project: Project, cells: Cells) {
    this.#project = project;
    this.#cells = cells;
  }

  /**
   * @param cell The module of an accepted cell, whose text is the current one of the program.
   * @param keep Whether it is never removed, because it declares globals.
   */
  add(cell: string, file: string, program: ts.Program, keep: boolean): void {
    this.#files.set(cell, file);
    this.#latest = cell;
    if (keep) this.#kept.add(cell);
    this.#pending.push({ file, program });
    clearTimeout(this.#timer);
    if (this.#pending.length >= MAX_PENDING) this.run();
    else this.#timer = setTimeout(() => this.run(), IDLE_MS).unref();
  }

  run(): void {
    clearTimeout(this.#timer);
    for (const { file, program } of this.#pending.splice(0)) this.#freeze(file, program);
    if (this.#files.size >= this.#sweepAt) this.#sweep();
  }

  drop(cell: string): void {
    this.#kept.delete(cell);
    const file = this.#files.get(cell);
    if (file !== undefined) this.#project.delete(file);
    this.#files.delete(cell);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#pending.length = 0;
  }

  #freeze(file: string, program: ts.Program): void {
    const declarations = declarationsOf(program, this.#project.current);
    if (declarations !== undefined && this.#project.text(file) !== undefined) this.#project.write(file, declarations);
  }

  /** Removes the cells that no type of a living name refers to. */
  #sweep(): void {
    const reached = new Set<string>([...this.#kept, this.#latest]);
    for (const cell of this.#files.keys()) if (this.#cells.isAlive(cell)) reached.add(cell);
    for (const cell of reached) {
      const text = this.#project.text(this.#files.get(cell) ?? "") ?? "";
      for (const [needed] of text.matchAll(/__cell_\d+/g)) reached.add(needed);
    }
    for (const cell of [...this.#files.keys()]) if (!reached.has(cell)) this.drop(cell);
    this.#sweepAt = Math.max(MIN_SWEEP, 2 * this.#files.size);
  }
}

/**
 * The declarations of a cell; undefined, so that it keeps its source, if its types cannot be declared (a
 * class expression with private members) or the compiler fails at them.
 */
function declarationsOf(program: ts.Program, file: string): string | undefined {
  let declarations: string | undefined;
  const write = (_: string, text: string): void => {
    declarations = text;
  };
  try {
    const { diagnostics } = program.emit(program.getSourceFile(file), write, undefined, true);
    return diagnostics.length === 0 ? declarations : undefined;
  } catch {
    return undefined;
  }
}
