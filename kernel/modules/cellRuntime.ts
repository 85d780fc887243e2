/** Executes compiled cells, each as a module, and provides their names to later cells. */

import path from "node:path";
import vm from "node:vm";
import { InternalError, UsageError } from "../../lib/errors";
import { journalReached } from "../../lib/journal";
import { currentCell } from "../output/index";
import type { CellModules } from "./cellModules";
import type { DeclaredName } from "./declaredNames";
import { IMPORT_MARK, type ModuleLoader, sharedModule, wrapperHead } from "./moduleLoader";
import type { Namespace } from "./namespaces";

export interface ExecutableCell {
  /** The statements; they expect the variables in `modules`. */
  readonly js: string;
  /** The variables of the modules that must be loaded, by the specifiers of their imports. */
  readonly modules: ReadonlyMap<string, string>;
  /** The expressions that later cells read for names that the cell exports without declaring them. */
  readonly reexported: ReadonlyMap<string, string>;
  /** The name of its module: `__cell_3`. */
  readonly name: string;
  /** The user's name for it: `In[3]`. */
  readonly label: string;
  /** Its code as V8 compiled it, if that was done while the cell was checked. */
  readonly script?: vm.Script | undefined;
  /** The path of its module, from which its imports resolve. */
  readonly file: string;
  readonly declared: readonly DeclaredName[];
}

/** The name where tslab's executor expects the value of the last expression. */
export const VALUE = "$last";

const RUNTIMES: unique symbol = Symbol.for("secop-lab.cells") as never;
type Global = { [RUNTIMES]?: Map<number, CellRuntime> };
let created = 0;

export class CellRuntime {
  readonly #id = ++created;
  readonly #cells: CellModules;
  readonly #loader: ModuleLoader;
  #next: ExecutableCell | undefined;
  #running: RunningCell | undefined;

  readonly #currentSignal: () => AbortSignal | undefined;

  constructor(cells: CellModules, loader: ModuleLoader, currentSignal: () => AbortSignal | undefined) {
    this.#cells = cells;
    this.#loader = loader;
    this.#currentSignal = currentSignal;
    runtimes().set(this.#id, this);
  }

  /**
   * Makes the text that tslab's executor runs at once, and which runs `cell`. It is the same for all cells,
   * so that V8 compiles it once.
   */
  prepare(cell: ExecutableCell): string {
    this.#next = cell;
    return `return globalThis[Symbol.for("secop-lab.cells")].get(${this.#id}).run(exports)`;
  }

  /** Called by that text. Rejects if the cell throws; the names that it has declared by then stay. */
  run(shared: Record<string, unknown>): Promise<void> {
    const cell = this.#next;
    if (cell === undefined) return Promise.reject(new InternalError("no cell was prepared to run"));
    this.#next = undefined;
    const isLoaded = [...cell.modules.keys()].every((id) => this.#available(id, cell.file) !== undefined);
    return isLoaded ? this.#execute(cell, shared) : this.#load(cell).then(() => this.#execute(cell, shared));
  }

  /**
   * The running cell was interrupted but goes on, as its code waits for something: it declares all its names,
   * which get their values when its code comes to them.
   * @param until says what the code waits for, to follow "run is there when"; undefined if it waits no longer
   * @param isAwaited Whether it was not interrupted, but another cell starts beside it.
   */
  goOn(until: () => string | undefined, isAwaited = false): void {
    if (this.#running !== undefined) Object.assign(this.#running, { until, isAwaited });
  }

  /**
   * Called before the next cell. A cell that was interrupted and still runs declares the names that it has so
   * far, and none later, so that it cannot overwrite newer names; one that goes on declares all its names
   * now.
   */
  settle(): void {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    const { cell, exports, until } = running;
    if (until === undefined) {
      this.#commit(cell, exports, "initialised");
      return;
    }
    const kinds = new Map(cell.declared.map(({ name, element }) => [name, element]));
    const hasReached = (name: string): boolean =>
      running.ended || (kinds.get(name) === "var" ? exports[name] !== undefined : isInitialised(exports, name));
    this.#cells.commit(cell.name, awaitedNames(cell, exports, hasReached, until), cell.declared, hasReached);
  }

  dispose(): void {
    runtimes().delete(this.#id);
  }

  async #execute(cell: ExecutableCell, shared: Record<string, unknown>): Promise<void> {
    // The variable is not named `exports`, because this file is compiled to CommonJS and has a variable of
    // that name.
    const namespace: Namespace = Object.create(null);
    const signal = this.#currentSignal();
    const running: RunningCell = { cell, exports: namespace, signal, until: undefined, isAwaited: false, ended: false };
    // A cell that started beside this one, while this one loaded its imports, still runs.
    if (!this.#running?.signal?.aborted) this.goOn(() => undefined, true);
    this.settle();
    this.#running = running;
    try {
      // Code that the kernel runs by itself, in idle time, is not part of the notebook.
      const compiled = currentCell()?.isSilent ? undefined : journalReached("code");
      if (compiled !== undefined) await compiled;
      const value = await this.#call(cell, namespace);
      running.ended = true;
      // All cells of the main shell share this place: one that was interrupted and still ran when the next
      // one started must not give its value to that.
      const isLeft = signal?.aborted && this.#running !== running;
      if (value !== undefined && !isLeft) shared[VALUE] = value[0];
      if (this.#running !== running) return;
      this.#commit(cell, namespace, "all");
      this.#running = undefined;
    } catch (error) {
      running.ended = true;
      if (running.until !== undefined) this.#failedLate(running, error);
      throw error;
    } finally {
      if (this.#running === running) this.settle();
    }
  }

  /**
   * A cell that went on after its interrupt has failed: the names that it did not come to do not exist.
   * Nobody waits for its error, so the error is reported as uncaught, in its cell.
   */
  #failedLate(running: RunningCell, error: unknown): void {
    const { cell, exports } = running;
    running.until = undefined;
    const unreached = cell.declared.filter(({ name, kind }) => kind !== "type" && !isInitialised(exports, name));
    if (this.#running !== running) this.#cells.withdraw(cell.name, cell.label, unreached);
    // A plan that was stopped by force has reported itself. It is known by its name, as a workspace may have
    // its own copy of the library.
    const isReported = running.isAwaited || (error as Partial<Error> | undefined)?.name === "PlanStoppedByForce";
    if (!isReported) void Promise.reject(error);
  }

  #call(cell: ExecutableCell, exports: Namespace): Promise<[unknown] | undefined> {
    const { file, modules } = cell;
    const imports = new Map([...modules.keys()].map((id) => [id, this.#available(id, file) as Namespace]));
    const script = cell.script ?? cellScript(cell);
    const folder = path.dirname(file);
    return script.runInThisContext()(
      exports,
      this.#loader.require(imports, file),
      this.#loader.context(file),
      file,
      folder,
    )();
  }

  #available(id: string, from: string): Namespace | undefined {
    return this.#cells.module(id) ?? sharedModule(id) ?? this.#loader.cached(id, from);
  }

  /** Loads the imports of a cell. Rejects if the cell is interrupted, which must not start then. */
  async #load(cell: ExecutableCell): Promise<void> {
    const signal = this.#currentSignal();
    for (const id of cell.modules.keys()) {
      if (this.#available(id, cell.file) === undefined) await this.#loader.load(id, cell.file);
      signal?.throwIfAborted();
    }
  }

  #commit(cell: ExecutableCell, exports: Namespace, which: "all" | "initialised"): void {
    const names = cell.declared.filter(
      ({ name, origin }) => which === "all" || origin === "ambient" || isInitialised(exports, name),
    );
    this.#cells.commit(cell.name, exports, names);
    if (names.length < cell.declared.length) this.#cells.lose(cell.label, cell.declared);
  }
}

interface RunningCell {
  readonly cell: ExecutableCell;
  readonly exports: Namespace;
  /** Aborts when the cell is interrupted. */
  readonly signal: AbortSignal | undefined;
  /** Set if the cell goes on after an interrupt: what its code waits for. */
  until: (() => string | undefined) | undefined;
  /** Whether its outcome is waited for, although other cells run beside it. */
  isAwaited: boolean;
  ended: boolean;
}

/** The names of a cell that goes on: to use one that its code has not come to says when it will be there. */
function awaitedNames(
  cell: ExecutableCell,
  exports: Namespace,
  hasReached: (name: string) => boolean,
  until: () => string | undefined,
): Namespace {
  const names: Namespace = Object.create(null);
  for (const { name, kind } of cell.declared) {
    if (kind === "type") continue;
    const get = (): unknown => {
      if (hasReached(name)) return exports[name];
      throw new UsageError(`${name} is there when ${until() ?? `${cell.label} comes to it`}`);
    };
    const set = (value: unknown): void => void Reflect.set(exports, name, value);
    Object.defineProperty(names, name, { enumerable: true, configurable: true, get, set });
  }
  return names;
}

/** The function is taken outside of the cell, because a cell may declare `Object` itself. */
const DEFINE = "const __secopLabDefine = Object.defineProperties;";

/** Has V8 compile a cell. Throws a SyntaxError if that is not possible. */
export function cellScript(
  cell: Pick<ExecutableCell, "name" | "js" | "modules" | "reexported" | "declared">,
): vm.Script {
  const head = wrapperHead(`${DEFINE}${moduleVariables(cell.modules)}`, exportAccessors(cell));
  return new vm.Script(`${head}\n${cell.js}\n}})`, { filename: cell.name, lineOffset: -1 });
}

function moduleVariables(modules: ExecutableCell["modules"]): string {
  return [...modules].map(([id, name]) => `const ${name} = require(${JSON.stringify(IMPORT_MARK + id)});`).join("");
}

/**
 * JavaScript that defines getters and setters for the names of the cell before its first statement, so that
 * later cells see changes by this cell, and this cell sees assignments by later cells.
 */
function exportAccessors({ declared, reexported }: Pick<ExecutableCell, "declared" | "reexported">): string {
  const accessors = declared
    .filter(({ kind }) => kind !== "type")
    .map(({ name, kind }) => {
      const get = reexported.get(name) ?? name;
      const set = kind === "variable" && get === name ? `,set:(${name}_)=>{${name}=${name}_}` : "";
      return `${JSON.stringify(name)}:{enumerable:true,configurable:true,get:()=>${get}${set}}`;
    });
  return accessors.length === 0 ? "" : `__secopLabDefine(exports,{${accessors.join(",")}});`;
}

/** Whether a name has a value: a `const` that the cell did not reach throws when it is read. */
function isInitialised(exports: Namespace, name: string): boolean {
  try {
    void exports[name];
    return name in exports;
  } catch {
    return false;
  }
}

function runtimes(): Map<number, CellRuntime> {
  const place = globalThis as Global;
  place[RUNTIMES] ??= new Map();
  return place[RUNTIMES];
}
