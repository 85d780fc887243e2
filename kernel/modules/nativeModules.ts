/**
 * Loads modules natively: packages, Node's own modules, and JavaScript of the workspace, which is reloaded
 * when it has changed.
 */

import fs from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { noteImport, packageName } from "./importedPackages";
import { completeNamespace, type Namespace } from "./namespaces";
import { signatureOf } from "./sourceVersions";

type Import = (id: string) => Promise<Namespace>;

/** A file or a package whose version is part of its address, because Node caches modules for ever. */
interface Versioned {
  signature?: string | undefined;
  version: number;
}

export class NativeModules {
  /** The folder where modules are searched that the importing folder does not have. */
  readonly #packageRoot: string;
  /** The modules, by importing folder, specifier and version. */
  readonly #loaded = new Map<string, Namespace>();
  readonly #importers = new Map<string, Import>();
  readonly #requires = new Map<string, NodeJS.Require>();
  /** Files by their path, and packages by their folder and specifier. */
  readonly #versioned = new Map<string, Versioned>();
  /** The files and packages that are being loaded. */
  readonly #loading = new Set<Versioned>();

  constructor(packageRoot: string) {
    this.#packageRoot = packageRoot;
  }

  /** @param file The file that imports. */
  cached(id: string, file: string): Namespace | undefined {
    return this.#loaded.get(keyOf(id, file, this.#present(id, file)));
  }

  /** Loads a module. Rejects as the module does. */
  async load(id: string, file: string): Promise<Namespace> {
    const present = this.#present(id, file);
    const key = keyOf(id, file, present);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    this.#loading.add(present);
    try {
      const loaded = completeNamespace(await this.#import(id, file, present.version));
      this.#loaded.set(key, loaded);
      return loaded;
    } finally {
      this.#loading.delete(present);
    }
  }

  /**
   * As `forgetUnfinished` of ModuleLoader: Node keeps a CommonJS module with the exports that it had when it
   * was stopped, and an ES module without a result. Only the ES module that the cell imports is loaded anew:
   * its own imports are not considered.
   */
  forgetUnfinished(): void {
    for (const [file, module] of Object.entries(require.cache)) {
      if (module && !module.loaded && module !== require.main) delete require.cache[file];
    }
    for (const one of this.#loading) one.version += 1;
    this.#loading.clear();
  }

  #present(id: string, file: string): Versioned {
    return id.startsWith(".") ? this.#presentFile(plainFile(id, file)) : this.#presentPackage(id, file);
  }

  /** A file with its version, which increases when it has changed. Its own imports are not considered. */
  #presentFile(file: string): Versioned {
    const signature = signatureOf(file);
    const known = this.#versioned.get(file) ?? { signature, version: 1 };
    this.#versioned.set(file, known);
    if (signature !== known.signature && signature !== undefined) {
      known.signature = signature;
      known.version += 1;
      // Node caches CommonJS modules by their file.
      delete require.cache[fs.realpathSync(file)];
    }
    return known;
  }

  /**
   * A package with its version, which increases when the package was upgraded, by its package.json and its
   * main file.
   */
  #presentPackage(id: string, from: string): Versioned {
    if (isBuiltin(id) || id.includes(":")) return { version: 1 };
    const folder = packageFolder(id, path.dirname(from));
    const used = folder ?? packageFolder(id, this.#packageRoot);
    if (used !== undefined) noteImport(id, used);
    if (folder === undefined) return { version: 1 };
    const signature = `${signatureOf(path.join(folder, "package.json"))} ${signatureOf(this.#resolved(id, from) ?? "")}`;
    const entry = `${folder}\0${id}`;
    const known = this.#versioned.get(entry) ?? { signature, version: 1 };
    this.#versioned.set(entry, known);
    if (signature !== known.signature) {
      known.signature = signature;
      known.version += 1;
      const real = `${fs.realpathSync(folder)}${path.sep}`;
      for (const file of Object.keys(require.cache)) if (file.startsWith(real)) delete require.cache[file];
    }
    return known;
  }

  /** The file of a specifier by Node's rules for `require`, which also find files without their extension. */
  #resolved(id: string, file: string): string | undefined {
    try {
      return this.requireFrom(file).resolve(id);
    } catch {
      return undefined;
    }
  }

  async #import(id: string, file: string, version: number): Promise<Namespace> {
    if (id.startsWith(".")) return this.#importer(file)(versionedUrl(plainFile(id, file), version));
    const upgraded = version > 1 ? this.#resolved(id, file) : undefined;
    if (upgraded !== undefined) return this.#importer(file)(versionedUrl(upgraded, version));
    try {
      return await this.#importer(file)(id);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const missing = code === "ERR_MODULE_NOT_FOUND" || code === "ERR_UNSUPPORTED_DIR_IMPORT";
      if (id.startsWith("file:") || !missing) throw error;
      // A file of a CommonJS package may be imported without its extension, as TypeScript and bundlers allow.
      const resolved = this.#resolved(id, file);
      if (resolved !== undefined) return this.#importer(file)(pathToFileURL(resolved).href);
      return this.#importer(`${this.#packageRoot}/package.js`)(id).catch(() => {
        throw error;
      });
    }
  }

  /** Native `import()`, resolved from the folder of `file`. */
  #importer(file: string): Import {
    const folder = path.dirname(file);
    const known = this.#importers.get(folder);
    if (known !== undefined) return known;
    const importer = nativeImport(path.join(folder, "cell.js"));
    this.#importers.set(folder, importer);
    return importer;
  }

  /** Node's own `require`, resolved from the folder of `file`. */
  requireFrom(file: string): NodeJS.Require {
    const folder = path.dirname(file);
    const known = this.#requires.get(folder) ?? createRequire(file);
    this.#requires.set(folder, known);
    return known;
  }

  /** Requires a module for code of `file`. */
  require(id: string, file: string): unknown {
    try {
      return this.requireFrom(file)(id);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND" || id.startsWith(".")) throw error;
      return this.#requireOwn(id, error);
    }
  }

  /** Tries the second folder. If it fails, too, the first error is reported. */
  #requireOwn(id: string, error: unknown): unknown {
    try {
      return this.requireFrom(`${this.#packageRoot}/package.js`)(id);
    } catch {
      throw error;
    }
  }
}

const keyOf = (id: string, file: string, { version }: Versioned): string => `${path.dirname(file)}\0${id}\0${version}`;

const versionedUrl = (file: string, version: number): string =>
  pathToFileURL(file).href + (version > 1 ? `?version=${version}` : "");

/** The folder of the package that a specifier names, found as Node does; undefined if it is not installed. */
function packageFolder(id: string, from: string): string | undefined {
  const name = packageName(id);
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (fs.existsSync(path.join(candidate, "package.json"))) return candidate;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/**
 * Makes a virtual module in the folder that calls `import()`, because `import()` resolves from the calling
 * file.
 */
function nativeImport(file: string): Import {
  const module = new Module(file) as Module & { _compile(text: string, file: string): void };
  module._compile("module.exports = (id) => import(id)", file);
  return module.exports;
}

/**
 * The path with its extension: cells may write `./tool`, which Node's import does not accept for `./tool.js`.
 */
function plainFile(id: string, from: string): string {
  const base = path.resolve(path.dirname(from), id);
  const candidates = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`, path.join(base, "index.js")];
  return candidates.find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile()) ?? base;
}
