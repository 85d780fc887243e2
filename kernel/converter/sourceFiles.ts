/**
 * The source files of all programs. Each is parsed and bound when a program first takes it in, which is most of the work of a first
 * import, and stays: so a program can be built in slices, each of which gets a little further.
 */

import ts from "typescript";
import { bindFile } from "./internals";

/** How much text a slice takes in at least: some 15 ms. A larger file (TypeScript's library) is a slice by itself. */
const SLICE = 100_000;
/** What a file costs however short it is, in characters: it has to be found and read. */
const FILE = 1000;

/** Leaves a build half way. */
const SLICE_IS_OVER = Symbol("slice is over");

type Acquire = ts.DocumentRegistry["acquireDocumentWithKey"];
type Release = (
  path: ts.Path,
  key: ts.DocumentRegistryBucketKey,
  kind?: ts.ScriptKind,
  mode?: ts.ResolutionMode,
) => void;

export class SourceFiles {
  /** For the language service. */
  readonly registry: ts.DocumentRegistry;
  readonly #options: ts.CompilerOptions;
  readonly #shared: ts.DocumentRegistry;
  /** What the slice may still take in, in characters. */
  #left = Number.POSITIVE_INFINITY;
  /** Each gives back what a build acquired that was left half way. */
  #surplus: (() => void)[] = [];

  constructor(folder: string, options: ts.CompilerOptions) {
    this.#options = options;
    this.#shared = ts.createDocumentRegistry(true, folder);
    this.registry = { ...this.#shared, acquireDocumentWithKey: this.#acquire, releaseDocumentWithKey: this.#release };
  }

  /** What `build` returns, or undefined where it was left half way: called again, it gets further. */
  inSlice<T extends object>(build: () => T): T | undefined {
    this.#left = SLICE;
    const surplus = this.#surplus;
    this.#surplus = [];
    try {
      const built = build();
      this.#surplus = [];
      for (const giveBack of surplus) giveBack();
      return built;
    } catch (error) {
      this.#surplus.push(...surplus);
      if (error === SLICE_IS_OVER) return undefined;
      throw error;
    } finally {
      this.#left = Number.POSITIVE_INFINITY;
    }
  }

  readonly #acquire: Acquire = (name, path, settings, key, snapshot, version, kind, options) => {
    const file = this.#shared.acquireDocumentWithKey(name, path, settings, key, snapshot, version, kind, options);
    if (this.#isSliced) this.#surplus.push(() => this.#release(path, key, kind, file.impliedNodeFormat));
    if (bindFile(file, this.#options)) this.#left -= FILE + file.text.length;
    if (this.#left <= 0) throw SLICE_IS_OVER;
    return file;
  };

  /** Packages' files are kept when no cell refers to them: the next cell that does so finds them ready. */
  readonly #release: Release = (path, key, kind, mode) => {
    if (!path.includes("/node_modules/") && !path.endsWith(".d.ts")) {
      this.#shared.releaseDocumentWithKey(path, key, kind as ts.ScriptKind, mode);
    }
  };

  get #isSliced(): boolean {
    return this.#left !== Number.POSITIVE_INFINITY;
  }
}
