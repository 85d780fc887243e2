/**
 * The source files of all programs; each is parsed and bound once, which is most of the work of a first
 * import, so that a program can be built in slices.
 */

import ts from "typescript";
import { bindFile } from "./internals";

/**
 * The least number of characters in a slice, which take about 15 ms. A larger file, such as TypeScript's
 * library, is one slice.
 */
const SLICE = 100_000;
/** The cost to find and read a file, which is independent of its length, in characters. */
const FILE = 1000;

/** Thrown to interrupt a build at the end of a slice. */
const SLICE_IS_OVER = Symbol("slice is over");

type Acquire = ts.DocumentRegistry["acquireDocumentWithKey"];
type Release = (
  path: ts.Path,
  key: ts.DocumentRegistryBucketKey,
  kind?: ts.ScriptKind,
  mode?: ts.ResolutionMode,
) => void;

export class SourceFiles {
  /** The document registry for the language service. */
  readonly registry: ts.DocumentRegistry;
  readonly #options: () => ts.CompilerOptions;
  readonly #shared: ts.DocumentRegistry;
  /** The number of characters that the slice may still load. */
  #left = Number.POSITIVE_INFINITY;
  /** Functions that release what an interrupted build has acquired. */
  #surplus: (() => void)[] = [];

  constructor(folder: string, options: () => ts.CompilerOptions) {
    this.#options = options;
    this.#shared = ts.createDocumentRegistry(true, folder);
    this.registry = { ...this.#shared, acquireDocumentWithKey: this.#acquire, releaseDocumentWithKey: this.#release };
  }

  /** Calls `build` and returns its result, or undefined if it was interrupted; call it again to continue. */
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
    if (bindFile(file, this.#options())) this.#left -= FILE + file.text.length;
    if (this.#left <= 0) throw SLICE_IS_OVER;
    return file;
  };

  /** Keeps the files of packages that no cell refers to any more, for the next cell that does. */
  readonly #release: Release = (path, key, kind, mode) => {
    if (!path.includes("/node_modules/") && !path.endsWith(".d.ts")) {
      this.#shared.releaseDocumentWithKey(path, key, kind as ts.ScriptKind, mode);
    }
  };

  get #isSliced(): boolean {
    return this.#left !== Number.POSITIVE_INFINITY;
  }
}
