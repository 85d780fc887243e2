/** What Node loads itself: packages, its own modules, and plain JavaScript of the workspace, which is loaded anew when its file changed. */

import fs from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { completeNamespace, type Namespace } from "./namespaces";
import { signatureOf } from "./sourceVersions";

type Import = (id: string) => Promise<Namespace>;

interface PlainFile {
  signature: string | undefined;
  version: number;
}

export class NativeModules {
  /** Where what a folder lacks is looked for. */
  readonly #packageRoot: string;
  /** By importing folder, specifier and version. */
  readonly #loaded = new Map<string, Namespace>();
  readonly #importers = new Map<string, Import>();
  readonly #requires = new Map<string, NodeJS.Require>();
  readonly #plainFiles = new Map<string, PlainFile>();

  constructor(packageRoot: string) {
    this.#packageRoot = packageRoot;
  }

  /** @param file The one that imports. */
  cached(id: string, file: string): Namespace | undefined {
    return this.#loaded.get(this.#key(id, file));
  }

  /** Rejects as the module does. */
  async load(id: string, file: string): Promise<Namespace> {
    const key = this.#key(id, file);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const loaded = completeNamespace(await this.#import(id.startsWith(".") ? this.#url(id, file) : id, file));
    this.#loaded.set(key, loaded);
    return loaded;
  }

  #key(id: string, file: string): string {
    const version = id.startsWith(".") ? this.#version(plainFile(id, file)) : 1;
    return `${path.dirname(file)}\0${id}\0${version}`;
  }

  /** Counts up when the file is another than before. What it imports itself is not looked at. */
  #version(file: string): number {
    const signature = signatureOf(file);
    const known = this.#plainFiles.get(file) ?? { signature, version: 1 };
    this.#plainFiles.set(file, known);
    if (signature !== known.signature && signature !== undefined) {
      known.signature = signature;
      known.version += 1;
      // CommonJS has a cache of its own, by file.
      delete require.cache[fs.realpathSync(file)];
    }
    return known.version;
  }

  #url(id: string, from: string): string {
    const file = plainFile(id, from);
    const version = this.#version(file);
    return pathToFileURL(file).href + (version > 1 ? `?version=${version}` : "");
  }

  async #import(id: string, file: string): Promise<Namespace> {
    try {
      return await this.#importer(file)(id);
    } catch (error) {
      if (id.startsWith("file:") || (error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
      return this.#importer(`${this.#packageRoot}/package.js`)(id).catch(() => {
        throw error;
      });
    }
  }

  /** Native `import()` as it resolves from the folder of `file`. */
  #importer(file: string): Import {
    const folder = path.dirname(file);
    const known = this.#importers.get(folder);
    if (known !== undefined) return known;
    const importer = nativeImport(path.join(folder, "cell.js"));
    this.#importers.set(folder, importer);
    return importer;
  }

  /** Node's own `require` as it resolves from the folder of `file`. */
  requireFrom(file: string): NodeJS.Require {
    const folder = path.dirname(file);
    const known = this.#requires.get(folder) ?? createRequire(file);
    this.#requires.set(folder, known);
    return known;
  }

  /** `require` as code of `file` means it. */
  require(id: string, file: string): unknown {
    try {
      return this.requireFrom(file)(id);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND" || id.startsWith(".")) throw error;
      return this.#requireOwn(id, error);
    }
  }

  /** If it is not there either, the first error is the one to tell. */
  #requireOwn(id: string, error: unknown): unknown {
    try {
      return this.requireFrom(`${this.#packageRoot}/package.js`)(id);
    } catch {
      throw error;
    }
  }
}

/** `import()` resolves from the file that says it, so a module that no disk has says it. */
function nativeImport(file: string): Import {
  const module = new Module(file) as Module & { _compile(text: string, file: string): void };
  module._compile("module.exports = (id) => import(id)", file);
  return module.exports;
}

/** A cell may write `./tool` where Node's own import wants `./tool.js`. */
function plainFile(id: string, from: string): string {
  const base = path.resolve(path.dirname(from), id);
  const candidates = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`, path.join(base, "index.js")];
  return candidates.find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile()) ?? base;
}
