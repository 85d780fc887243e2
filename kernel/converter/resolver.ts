/** Resolves the imports of cells and workspace files, equally for the compiler and the module loader. */

import { isBuiltin } from "node:module";
import path from "node:path";
import ts from "typescript";
import { isVersioned, SourceVersions, signatureOf, unversioned } from "./sourceVersions";
import type { Workspace } from "./workspace";

/**
 * The file in which every cell is checked. Its name is always the same, so that the root files of the program
 * do not change.
 */
export const CURRENT_CELL = "__cell_0";

const CELL_SPECIFIER = /^\.\/(__cell_\d+)$/;

export class Resolver {
  readonly versions: SourceVersions;
  cache: ts.ModuleResolutionCache;
  readonly #workspace: Workspace;
  /** The versioned source file of each specifier, by importing file. An import keeps its version. */
  readonly #pins = new Map<string, Map<string, string>>();
  /** The plain file of each specifier, by importing source: where the compiler believes that it leads. */
  readonly #found = new Map<string, Map<string, string | undefined>>();
  /** The state on disk of the packages that cells and sources import, by file. */
  readonly #packages = new Map<string, string | undefined>();
  #invalidated = false;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.versions = new SourceVersions(workspace.packageRoot);
    this.cache = this.#newCache();
  }

  /** Resolves everything anew by the workspace's present settings. */
  reconfigure(): void {
    this.cache = this.#newCache();
    this.#invalidated = true;
    this.#pins.clear();
  }

  #newCache(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.#workspace.folder, (name) => name, this.#workspace.settings.options);
  }

  /** Whether failed lookups were forgotten after the last call of `settled`. */
  get invalidated(): boolean {
    return this.#invalidated;
  }

  cellFile(cell: string): string {
    return `${this.#workspace.folder}/${cell}.ts`;
  }

  resolve(id: string, from: string, redirected?: ts.ResolvedProjectReference): ts.ResolvedModuleFull | undefined {
    const cell = CELL_SPECIFIER.exec(id)?.[1];
    if (cell !== undefined) return resolvedSource(this.cellFile(cell));
    if (isBuiltin(id)) return undefined;
    const pinned = this.#pins.get(from)?.get(id);
    if (pinned !== undefined) return resolvedSource(pinned);
    const written = this.#versionedSource(id, from);
    if (written !== undefined) return written;
    const found = this.#lookUp(id, unversioned(from), redirected);
    this.#note(from, id, found?.resolvedFileName);
    if (found === undefined || !this.versions.isSource(found.resolvedFileName)) return found;
    const source = this.versions.current(found.resolvedFileName);
    const pins = this.#pins.get(from) ?? new Map<string, string>();
    this.#pins.set(from, pins.set(id, source));
    return { ...found, resolvedFileName: source };
  }

  /** The versioned source files that `from` imports, as far as they were resolved. */
  dependencies(from: string): Iterable<string> {
    return this.#pins.get(from)?.values() ?? [];
  }

  /** Keeps the versions of the imports of an accepted cell. */
  keepPins(cell: string): void {
    const pins = this.#pins.get(this.cellFile(CURRENT_CELL));
    if (pins !== undefined) this.#pins.set(this.cellFile(cell), new Map(pins));
  }

  forget(from: string): void {
    this.#pins.delete(from);
    this.#found.delete(from);
  }

  /**
   * Updates the imports of a cell, before it is checked, to the files on disk. Returns whether any source has
   * changed or leads to another file, and whether a package has changed.
   */
  refresh(ids: Iterable<string>): { readonly changed: boolean; readonly packages: boolean } {
    const current = this.cellFile(CURRENT_CELL);
    const onDisk = new OnDisk(this.#newCache());
    const before = this.#found.get(current);
    this.forget(current);
    const stale = new Set<string>();
    let changed = false;
    for (const id of ids) {
      if (isBuiltin(id)) continue;
      const found = this.#present(id, current, onDisk);
      if (before?.has(id) && before.get(id) !== found) onDisk.moved = true;
      if (found === undefined || !this.versions.isSource(found)) continue;
      for (const file of this.stale(this.versions.current(found), onDisk)) stale.add(file);
    }
    if (onDisk.moved) this.retryFailed();
    for (const file of stale) {
      this.versions.renew(file);
      changed = true;
    }
    return { changed: changed || onDisk.moved, packages: onDisk.packages };
  }

  /** Where an import leads by the files on disk, not by the cache. Notes whether its package has changed. */
  #present(id: string, from: string, onDisk: OnDisk): string | undefined {
    const found = this.#lookUp(id, unversioned(from), undefined, onDisk.cache)?.resolvedFileName;
    const cached = this.#lookUp(id, unversioned(from))?.resolvedFileName;
    if (cached !== found) onDisk.moved = true;
    if (found === undefined || this.versions.isSource(found)) return found;
    for (const file of [found, manifestOf(found)]) {
      const signature = signatureOf(file);
      if (this.#packages.has(file) && this.#packages.get(file) !== signature) onDisk.packages = true;
      this.#packages.set(file, signature);
    }
    return found;
  }

  #note(from: string, id: string, file: string | undefined): void {
    if (from.includes("/node_modules/")) return;
    const found = this.#found.get(from) ?? new Map<string, string | undefined>();
    this.#found.set(from, found.set(id, file));
  }

  /**
   * The plain names of `source` and the files it imports whose versions differ from the files on disk.
   *
   * @param onDisk If given, files whose imports lead elsewhere by now are stale, too, for instance because a
   * file was renamed.
   */
  stale(source: string, onDisk?: OnDisk): Set<string> {
    const graph = this.#graph(source);
    const stale = new Set<string>();
    for (const name of graph) {
      const file = unversioned(name);
      if (this.versions.current(file) !== name || this.versions.changedOnDisk(file)) stale.add(file);
      if (onDisk === undefined) continue;
      for (const [id, found] of this.#found.get(name) ?? []) {
        if (this.#present(id, name, onDisk) === found) continue;
        onDisk.moved = true;
        stale.add(file);
      }
    }
    for (let before = -1; before !== stale.size; ) {
      before = stale.size;
      for (const name of graph) {
        for (const needed of this.dependencies(name)) if (stale.has(unversioned(needed))) stale.add(unversioned(name));
      }
    }
    return stale;
  }

  /** Forgets failed lookups, since the missing module may exist by now. */
  retryFailed(): void {
    this.cache.clear();
    this.#invalidated = true;
  }

  settled(): void {
    this.#invalidated = false;
  }

  #graph(source: string, seen: Set<string> = new Set()): Set<string> {
    if (seen.has(source)) return seen;
    seen.add(source);
    for (const needed of this.dependencies(source)) this.#graph(needed, seen);
    return seen;
  }

  /** Matches `./cryo~2`, which the compiler writes into the declarations of a cell. */
  #versionedSource(id: string, from: string): ts.ResolvedModuleFull | undefined {
    if (!id.startsWith(".") || !/~\d+((\.d)?\.ts)?$/.test(id)) return undefined;
    const base = path.posix.resolve(path.posix.dirname(from), id);
    const name = [base, `${base}.ts`, `${base}.tsx`, `${base}.d.ts`].find(
      (file) => this.versions.text(file) !== undefined,
    );
    return name === undefined ? undefined : resolvedSource(name);
  }

  #lookUp(
    id: string,
    from: string,
    redirected?: ts.ResolvedProjectReference,
    cache = this.cache,
  ): ts.ResolvedModuleFull | undefined {
    const { folder, packageRoot } = this.#workspace;
    const { options } = this.#workspace.settings;
    const found = ts.resolveModuleName(id, from, options, ts.sys, cache, redirected).resolvedModule;
    if (found !== undefined || id.startsWith(".") || from.includes("/node_modules/")) return found;
    if (from.startsWith(`${packageRoot}/`) && !from.startsWith(`${folder}/`)) return undefined;
    return ts.resolveModuleName(id, `${packageRoot}/package.ts`, options, ts.sys, cache).resolvedModule;
  }
}

/** What one comparison with the disk finds. */
class OnDisk {
  /** Whether an import leads to another file than before. */
  moved = false;
  /** Whether files of a package have changed. */
  packages = false;

  readonly cache: ts.ModuleResolutionCache;

  /** @param cache An empty cache, so that lookups read the disk. */
  constructor(cache: ts.ModuleResolutionCache) {
    this.cache = cache;
  }
}

/** The package.json of the package that a file belongs to. */
function manifestOf(file: string): string {
  const root = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
  return root === undefined ? file : `${root}/package.json`;
}

function resolvedSource(file: string): ts.ResolvedModuleFull {
  const extension = isVersioned(file) ? (/(?:\.d)?\.\w+$/.exec(file)?.[0] ?? ".ts") : ".ts";
  return { resolvedFileName: file, extension, isExternalLibraryImport: false };
}
