/** Loads what cells import: workspace sources compiled here and by version, everything else natively by Node. */

import fs from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type ts from "typescript";
import { CONTEXT, compileFile, IMPORT_MARK, withoutDeclaredMembers } from "./emit";
import { completeNamespace, type Namespace } from "./namespaces";
import type { Resolver } from "./resolver";
import { isVersioned, unversioned } from "./sourceVersions";
import type { StackMapper } from "./stack";
import type { Workspace } from "./workspace";

/** What `import()` and `import.meta` of executed code lead to. */
export interface ModuleContext {
  import(id: unknown): Promise<Namespace>;
  readonly meta: ImportMeta;
}

interface SourceModule {
  readonly exports: Namespace;
  ready: Promise<void>;
  loaded: boolean;
  /** The modules this one is waiting for, to tell a cycle from a load in progress. */
  readonly waitsFor: Set<SourceModule>;
}

export class ModuleLoader {
  readonly #workspace: Workspace;
  readonly #resolver: Resolver;
  readonly #stack: StackMapper;
  readonly #parsed: (name: string) => ts.SourceFile | undefined;
  /** By versioned name. */
  readonly #sources = new Map<string, SourceModule>();
  /** By importing folder and specifier. */
  readonly #native = new Map<string, Namespace>();
  readonly #importers = new Map<string, (id: string) => Promise<Namespace>>();

  /** @param parsed A source file as the language service has it, if it does. */
  constructor(
    workspace: Workspace,
    resolver: Resolver,
    stack: StackMapper,
    parsed: (name: string) => ts.SourceFile | undefined,
  ) {
    this.#workspace = workspace;
    this.#resolver = resolver;
    this.#parsed = parsed;
    this.#stack = stack;
  }

  /** What is loaded already: code that needs nothing else starts in the same turn, where Ctrl-C reaches it. */
  cached(id: string, from: string): Namespace | undefined {
    const source = this.#source(id, from);
    if (source === undefined) return this.#native.get(nativeKey(id, from));
    const module = this.#sources.get(source);
    return module?.loaded ? module.exports : undefined;
  }

  /** @param from The cell or (versioned) source file that imports. Rejects as the module does. */
  load(id: string, from: string): Promise<Namespace> {
    const source = this.#source(id, from);
    return source === undefined ? this.#loadNative(id, from) : this.#loadSource(source);
  }

  context(from: string): ModuleContext {
    const filename = unversioned(from);
    const url = pathToFileURL(filename);
    const resolve = (id: string): string => pathToFileURL(createRequire(filename).resolve(id)).href;
    return {
      import: async (id) => this.load(String(id), from),
      meta: { url: url.href, filename, dirname: path.dirname(filename), resolve },
    };
  }

  /** `require` for executed code: imports by their mark, anything else is the person's own call. */
  require(imports: ReadonlyMap<string, Namespace>, file: string): NodeJS.Require {
    const native = createRequire(file);
    const require = (id: string): unknown => {
      if (id.startsWith(IMPORT_MARK)) return imports.get(id.slice(IMPORT_MARK.length));
      try {
        return native(id);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND" || id.startsWith(".")) throw error;
        return this.#fallback(id, error);
      }
    };
    return Object.assign(require, native);
  }

  /** From where this package is installed; if it is not there either, the first error is the one to tell. */
  #fallback(id: string, error: unknown): unknown {
    try {
      return createRequire(`${this.#workspace.packageRoot}/package.js`)(id);
    } catch {
      throw error;
    }
  }

  #source(id: string, from: string): string | undefined {
    const file = this.#resolver.resolve(id, from)?.resolvedFileName;
    return file !== undefined && isVersioned(file) ? file : undefined;
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
        // The next import tries again.
        this.#sources.delete(name);
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
    const parsed = this.#parsed(name);
    const executed = parsed === undefined ? text : withoutDeclaredMembers(parsed);
    const { js, map, imports } = compileFile(executed, file, this.#workspace.options);
    const label = path.posix.relative(this.#workspace.folder, file);
    this.#stack.add(name, { label, map, text, linesBefore: 0, toCode: (offset) => offset });
    const needed = new Map<string, Namespace>();
    for (const id of imports) {
      const source = this.#source(id, name);
      needed.set(id, source === undefined ? await this.#loadNative(id, name) : await this.#loadSource(source, module));
    }
    const require = this.require(needed, file);
    const script = new vm.Script(`${wrapperHead()}\n${js}\n}})`, { filename: name, lineOffset: -1 });
    await script.runInThisContext()(exports, require, this.context(name), file, path.dirname(file))();
  }

  async #loadNative(id: string, from: string): Promise<Namespace> {
    const key = nativeKey(id, from);
    const known = this.#native.get(key);
    if (known !== undefined) return known;
    const file = unversioned(from);
    const loaded = completeNamespace(await this.#importNative(id.startsWith(".") ? relativeUrl(id, file) : id, file));
    this.#native.set(key, loaded);
    return loaded;
  }

  async #importNative(id: string, file: string): Promise<Namespace> {
    try {
      return await this.#importer(file)(id);
    } catch (error) {
      if (id.startsWith("file:") || (error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
      return this.#importer(`${this.#workspace.packageRoot}/package.js`)(id).catch(() => {
        throw error;
      });
    }
  }

  /** Native `import()` as it resolves from the folder of `file`. */
  #importer(file: string): (id: string) => Promise<Namespace> {
    const folder = path.dirname(file);
    const known = this.#importers.get(folder);
    if (known !== undefined) return known;
    const importer = nativeImport(path.join(folder, "cell.js"));
    this.#importers.set(folder, importer);
    return importer;
  }
}

/** `import()` resolves from the file that says it, so a module that no disk has says it. */
function nativeImport(file: string): (id: string) => Promise<Namespace> {
  const module = new Module(file) as Module & { _compile(text: string, file: string): void };
  module._compile("module.exports = (id) => import(id)", file);
  return module.exports;
}

/**
 * Begins the text of executed code, on a line of its own. Two functions, so that code may declare `__dirname` itself; `outer` and
 * `inner` are statements at their beginning.
 */
export function wrapperHead(outer = "", inner = ""): string {
  return `(function (exports, require, ${CONTEXT}, __filename, __dirname) { "use strict"; ${outer} return async function () { ${inner}`;
}

function waitsFor(module: SourceModule, target: SourceModule, seen: Set<SourceModule> = new Set()): boolean {
  if (module === target) return true;
  if (seen.has(module)) return false;
  seen.add(module);
  return [...module.waitsFor].some((next) => waitsFor(next, target, seen));
}

function nativeKey(id: string, from: string): string {
  return `${path.dirname(from)}\0${id}`;
}

/** A cell may write `./tool` where Node's own import wants `./tool.js`. */
function relativeUrl(id: string, from: string): string {
  const base = path.resolve(path.dirname(from), id);
  const candidates = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`, path.join(base, "index.js")];
  const file = candidates.find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile());
  return pathToFileURL(file ?? base).href;
}
