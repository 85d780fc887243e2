/** One language service over the cells of a notebook, the workspace's own sources, and the packages they import. */

import ts from "typescript";
import { InternalError } from "../../lib/errors";
import { LIB_BUNDLE, libBundle, NODE_BUNDLE, type NodeTypes, nodeTypes } from "./bundles";
import { invalidatedResolutionsMember, resolutionCacheMember } from "./internals";
import { CURRENT_CELL, Resolver } from "./resolver";
import { isVersioned } from "./sourceVersions";
import type { Workspace } from "./workspace";

interface VirtualFile {
  readonly text: string;
  readonly version: number;
  readonly snapshot: ts.IScriptSnapshot;
}

export class Project {
  readonly resolver: Resolver;
  readonly service: ts.LanguageService;
  /** The file that holds the cell being checked or completed. */
  readonly current: string;
  readonly #workspace: Workspace;
  readonly #virtual = new Map<string, VirtualFile>();
  readonly #snapshots = new Map<string, ts.IScriptSnapshot>();
  readonly #roots = new Set<string>();
  /** Fewer than all only while the first program is built part by part. */
  #rootCount = Number.POSITIVE_INFINITY;
  #built = false;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.resolver = new Resolver(workspace);
    this.current = this.resolver.cellFile(CURRENT_CELL);
    this.write(LIB_BUNDLE, libBundle(workspace.extraLibs));
    const node = this.#nodeTypes();
    this.write(NODE_BUNDLE, node.bundle);
    this.#roots = new Set([LIB_BUNDLE, NODE_BUNDLE, ...node.modules, ...this.#extraTypes(), this.current]);
    this.write(this.current, "export {};");
    this.service = ts.createLanguageService(
      this.#host(),
      keepLibraries(ts.createDocumentRegistry(true, workspace.folder)),
    );
  }

  /** Sets the text of a virtual file; the same text again changes nothing. */
  write(file: string, text: string): void {
    const before = this.#virtual.get(file);
    if (before?.text === text) return;
    this.#virtual.set(file, {
      text,
      version: (before?.version ?? 0) + 1,
      snapshot: ts.ScriptSnapshot.fromString(text),
    });
  }

  text(file: string): string | undefined {
    return this.#virtual.get(file)?.text;
  }

  delete(file: string): void {
    this.#virtual.delete(file);
    this.#roots.delete(file);
  }

  /** Keeps a file in every program, also where nothing imports it. */
  addRoot(file: string): void {
    this.#roots.add(file);
  }

  /** Builds the first program but for its last part, by one root file more each time, while nobody needed it whole. */
  buildParts(): (() => void)[] {
    const build = (count: number): void => {
      if (this.#built) return;
      this.#rootCount = count;
      this.service.getProgram();
      this.#rootCount = Number.POSITIVE_INFINITY;
    };
    return [LIB_BUNDLE, NODE_BUNDLE].map((_, i) => () => build(i + 1));
  }

  program(): ts.Program {
    this.#built = true;
    const program = this.service.getProgram();
    if (program === undefined) throw new InternalError("the language service of the notebook was closed");
    this.resolver.settled();
    return program;
  }

  #host(): ts.LanguageServiceHost {
    const { folder, options } = this.#workspace;
    return {
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => options,
      getDefaultLibFileName: () => LIB_BUNDLE,
      getScriptFileNames: () => [...this.#roots].slice(0, this.#rootCount),
      getScriptVersion: (file) => String(this.#virtual.get(file)?.version ?? 1),
      getScriptSnapshot: (file) => this.#snapshot(file),
      fileExists: (file) => this.#virtual.has(file) || ts.sys.fileExists(file),
      readFile: (file) => this.#read(file),
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      resolveModuleNameLiterals: (literals, from, redirected) =>
        literals.map(({ text }) => ({ resolvedModule: this.resolver.resolve(text, from, redirected) })),
      resolveTypeReferenceDirectiveReferences: (references, from) =>
        references.map((reference) =>
          this.#typeReference(typeof reference === "string" ? reference : reference.fileName, from),
        ),
      ...resolutionCacheMember(this.resolver.cache),
      ...invalidatedResolutionsMember(() => this.resolver.invalidated),
    };
  }

  #snapshot(file: string): ts.IScriptSnapshot | undefined {
    const virtual = this.#virtual.get(file);
    if (virtual !== undefined) return virtual.snapshot;
    const known = this.#snapshots.get(file);
    if (known !== undefined) return known;
    const text = this.#read(file);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.#snapshots.set(file, snapshot);
    return snapshot;
  }

  #read(file: string): string | undefined {
    const virtual = this.#virtual.get(file);
    if (virtual !== undefined) return virtual.text;
    return isVersioned(file) ? this.resolver.versions.text(file) : ts.sys.readFile(file);
  }

  /** Packages refer to Node's types by name; the real files would come in a second time beside the bundle. */
  #typeReference(name: string, from: string): ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations {
    if (name === "node") {
      return { resolvedTypeReferenceDirective: { resolvedFileName: NODE_BUNDLE, primary: true } };
    }
    return ts.resolveTypeReferenceDirective(name, from, this.#workspace.options, ts.sys);
  }

  #nodeTypes(): NodeTypes {
    for (const folder of [this.#workspace.folder, this.#workspace.packageRoot]) {
      const from = `${folder}/cell.ts`;
      const { resolvedTypeReferenceDirective: found } = ts.resolveTypeReferenceDirective("node", from, {}, ts.sys);
      if (found?.resolvedFileName !== undefined) return nodeTypes(found.resolvedFileName);
    }
    return { bundle: "", modules: [] };
  }

  #extraTypes(): string[] {
    return this.#workspace.extraTypes.flatMap(
      (name) => this.#typeReference(name, this.current).resolvedTypeReferenceDirective?.resolvedFileName ?? [],
    );
  }
}

/** Parsed and bound files of packages are kept when no cell refers to them: the next cell that does so finds them ready. */
function keepLibraries(registry: ts.DocumentRegistry): ts.DocumentRegistry {
  const isLibrary = (file: string): boolean => file.includes("/node_modules/") || file.endsWith(".d.ts");
  return {
    ...registry,
    releaseDocumentWithKey: (
      file: ts.Path,
      ...rest: [ts.DocumentRegistryBucketKey, ts.ScriptKind, ts.ResolutionMode]
    ) => {
      if (!isLibrary(file)) registry.releaseDocumentWithKey(file, ...rest);
    },
  } as ts.DocumentRegistry;
}
