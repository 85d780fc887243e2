/**
 * Loads the modules that cells import: workspace sources are compiled here, by version; Node loads everything
 * else.
 */

import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { CellGlobals } from "../../lib/index";
import type { Namespace } from "./namespaces";
import { NativeModules } from "./nativeModules";
import type { SourceResolver } from "./sourceResolver";
import { isExecutable, unversioned } from "./sourceVersions";
import type { StackMapper } from "./stackTraces";

/** The object behind `import()` and `import.meta` in executed code. */
export interface ModuleContext {
  import(id: unknown): Promise<Namespace>;
  readonly meta: ImportMeta;
}

/**
 * Marks calls of `require` that come from imports: they get namespaces, while the user's own `require` gets
 * CommonJS modules.
 */
export const IMPORT_MARK = "import:";
/** The name of the object, given to the code, whose members replace `import()` and `import.meta`. */
export const CONTEXT = "__secopLabModule";

/** The result of the compilation of a file. */
export interface Compiled {
  readonly js: string;
  /** Makes the source map of `js`, as JSON. It is made on demand, because most code never throws. */
  map(): string;
  /** The modules that must be loaded before `js` runs. */
  readonly imports: readonly string[];
  /** The text that the source map describes, if that is not the file's own. */
  readonly source?: { readonly text: string; toOriginal(offset: number): number };
}

/** Compiles the text of a workspace file. */
type CompileFile = (file: string, text: string) => Promise<Compiled>;

interface SourceModule {
  readonly exports: Namespace;
  ready: Promise<void>;
  loaded: boolean;
  /** The modules that this one waits for, to distinguish a cycle from a load in progress. */
  readonly waitsFor: Set<SourceModule>;
}

export class ModuleLoader {
  readonly #folder: string;
  readonly #resolver: SourceResolver;
  readonly #stack: StackMapper;
  readonly #compile: CompileFile;
  /** The modules, by their versioned names. */
  readonly #sources = new Map<string, SourceModule>();
  /** Sources that are compiled before they are loaded. */
  #early: ReadonlyMap<string, Promise<Compiled>> = new Map();
  readonly #native: NativeModules;

  constructor(
    workspace: { readonly folder: string; readonly packageRoot: string },
    resolver: SourceResolver,
    stack: StackMapper,
    compile: CompileFile,
  ) {
    this.#folder = workspace.folder;
    this.#resolver = resolver;
    this.#compile = compile;
    this.#native = new NativeModules(workspace.packageRoot);
    this.#stack = stack;
  }

  /**
   * A module that is loaded already. Code that needs no others starts in the same turn, so that Ctrl-C can
   * stop it.
   */
  cached(id: string, from: string): Namespace | undefined {
    const source = this.#source(id, from);
    if (source === undefined) return this.#native.cached(id, unversioned(from));
    const module = this.#sources.get(source);
    return module?.loaded ? module.exports : undefined;
  }

  /**
   * Loads a module. Rejects as the module does.
   *
   * @param from The cell or (versioned) source file that imports it.
   */
  load(id: string, from: string): Promise<Namespace> {
    const source = this.#source(id, from);
    return source === undefined ? this.#native.load(id, unversioned(from)) : this.#loadSource(source);
  }

  /** Compiles sources that a cell is going to load, while the cell is checked. */
  compileEarly(names: Iterable<string>): void {
    const needed = [...names].filter((name) => isCode(name) && !this.#sources.has(name));
    // Never kept from an earlier cell: the tsconfig may have changed since.
    this.#early = new Map(needed.map((name) => [name, this.#compiled(name)]));
    // Errors of a source are reported when it is loaded.
    for (const compiling of this.#early.values()) compiling.catch(() => {});
  }

  /**
   * Has the next import load those modules anew that are not loaded to their end. Call it when code was
   * stopped by force and no code runs: a module whose code was stopped would never be loaded. One that only
   * waits for something is loaded a second time, as the two cannot be distinguished.
   */
  forgetUnfinished(): void {
    for (const [name, { loaded }] of this.#sources) if (!loaded) this.#sources.delete(name);
    this.#native.forgetUnfinished();
  }

  #compiled(name: string): Promise<Compiled> {
    return this.#compile(unversioned(name), this.#resolver.versions.text(name) ?? "");
  }

  context(from: string): ModuleContext {
    const filename = unversioned(from);
    const url = pathToFileURL(filename);
    const resolve = (id: string): string => pathToFileURL(this.#native.requireFrom(filename).resolve(id)).href;
    return {
      import: async (id) => this.load(String(id), from),
      meta: { url: url.href, filename, dirname: path.dirname(filename), resolve },
    };
  }

  /** `require` for executed code. Imports have a mark; calls without it were written by the user. */
  require(imports: ReadonlyMap<string, Namespace>, file: string): NodeJS.Require {
    const require = (id: string): unknown =>
      id.startsWith(IMPORT_MARK) ? imports.get(id.slice(IMPORT_MARK.length)) : this.#native.require(id, file);
    return Object.assign(require, this.#native.requireFrom(file));
  }

  #source(id: string, from: string): string | undefined {
    const file = this.#resolver.resolve(id, from)?.resolvedFileName;
    return file !== undefined && isExecutable(file) ? file : undefined;
  }

  async #loadSource(name: string, importer?: SourceModule): Promise<Namespace> {
    const known = this.#sources.get(name);
    const module = known ?? this.#startSource(name);
    if (importer !== undefined && waitsFor(module, importer)) return module.exports;
    importer?.waitsFor.add(module);
    await module.ready;
    return module.exports;
  }

  #startSource(name: string): SourceModule {
    const exports = Object.create(null);
    const module: SourceModule = { exports, ready: Promise.resolve(), loaded: false, waitsFor: new Set() };
    this.#sources.set(name, module);
    module.ready = this.#execute(name, module, exports).then(
      () => {
        module.loaded = true;
        module.waitsFor.clear();
      },
      (error: unknown) => {
        // Forget the failure, so that the next import tries again. It may have done so after an interrupt.
        if (this.#sources.get(name) === module) this.#sources.delete(name);
        throw error;
      },
    );
    return module;
  }

  async #execute(name: string, module: SourceModule, exports: Record<string, unknown>): Promise<void> {
    const text = this.#resolver.versions.text(name) ?? "";
    if (name.endsWith(".json")) {
      const value: unknown = JSON.parse(text);
      Object.assign(exports, typeof value === "object" ? value : {}, { default: value });
      return;
    }
    const file = unversioned(name);
    const { js, map, imports, source } = await (this.#early.get(name) ?? this.#compiled(name));
    const label = path.posix.relative(this.#folder, file);
    const toCode = (offset: number): number => source?.toOriginal(offset) ?? offset;
    this.#stack.add(name, { label, map, text: source?.text ?? text, toCode });
    const needed = new Map<string, Namespace>();
    for (const id of imports) {
      const source = this.#source(id, name);
      const shared = sharedModule(id);
      if (shared) needed.set(id, shared);
      else
        needed.set(
          id,
          source === undefined ? await this.#native.load(id, file) : await this.#loadSource(source, module),
        );
    }
    const require = this.require(needed, file);
    const script = new vm.Script(`${wrapperHead()}\n${js}\n}})`, { filename: name, lineOffset: -1 });
    await script.runInThisContext()(exports, require, this.context(name), file, path.dirname(file))();
  }
}

/** Whether a versioned source has code to compile: not only data or types. */
function isCode(name: string): boolean {
  return isExecutable(name) && !name.endsWith(".json");
}

const CELL_GLOBALS: unique symbol = Symbol.for("secop-lab.cellGlobals") as never;
type Global = { [CELL_GLOBALS]?: CellGlobals };

/** While a session is recorded or replayed, timers and dates of cells are those of the library's clock. */
const cellGlobals = (): CellGlobals | undefined => (globalThis as Global)[CELL_GLOBALS];

function sharedClock(): string {
  const shared = cellGlobals();
  if (!shared) return "";
  const names = Object.keys(shared.variables).join(", ");
  return `const { ${names} } = globalThis[Symbol.for("secop-lab.cellGlobals")].variables;`;
}

/** The module that code gets instead of Node's while a session is recorded or replayed. */
export function sharedModule(id: string): Namespace | undefined {
  return cellGlobals()?.modules.get(id) as Namespace | undefined;
}

/**
 * The beginning of executed code, on a line of its own. It has two functions, so that code may declare
 * `__dirname` itself; `outer` and `inner` are the first statements of these functions.
 */
export function wrapperHead(outer = "", inner = ""): string {
  return `(function (exports, require, ${CONTEXT}, __filename, __dirname) { "use strict"; ${sharedClock()} ${outer} return async function () { ${inner}`;
}

function waitsFor(module: SourceModule, target: SourceModule, seen: Set<SourceModule> = new Set()): boolean {
  if (module === target) return true;
  if (seen.has(module)) return false;
  seen.add(module);
  return [...module.waitsFor].some((next) => waitsFor(next, target, seen));
}
