/**
 * The TypeScript language service for the cells of a notebook, the sources of the workspace, and their
 * packages.
 */

import ts from "typescript";
import { InternalError } from "../../lib/errors";
import { LIB_BUNDLE, libBundle, NODE_BUNDLE, type NodeTypes, nodeTypes } from "./bundles";
import { invalidatedResolutionsMember, resolutionCacheMember } from "./internals";
import { CURRENT_CELL, Resolver } from "./resolver";
import { SourceFiles } from "./sourceFiles";
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
  /** The path of the file that contains the cell that is checked or completed. */
  readonly current: string;
  readonly #workspace: Workspace;
  readonly #virtual = new Map<string, VirtualFile>();
  readonly #snapshots = new Map<string, ts.IScriptSnapshot>();
  readonly #roots = new Set<string>();
  readonly #files: SourceFiles;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.resolver = new Resolver(workspace);
    this.current = this.resolver.cellFile(CURRENT_CELL);
    this.write(LIB_BUNDLE, libBundle(workspace.extraLibs));
    const node = this.#nodeTypes();
    this.write(NODE_BUNDLE, node.bundle);
    this.#roots = new Set([LIB_BUNDLE, NODE_BUNDLE, ...node.modules, ...this.#extraTypes(), this.current]);
    this.write(this.current, "export {};");
    this.#files = new SourceFiles(workspace.folder, workspace.options);
    this.service = ts.createLanguageService(this.#host(), this.#files.registry);
  }

  /** Sets the text of a virtual file. An equal text has no effect. */
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

  /** Keeps a file in every program, even if nothing imports it. */
  addRoot(file: string): void {
    this.#roots.add(file);
  }

  /**
   * Loads what the current text imports, in slices. Between slices, other work is possible, also with other
   * texts. After the last slice, `program` is fast.
   *
   * @param write Makes the text the current one; it is called at the beginning of each slice.
   */
  *load(write: () => void): Generator<void> {
    const build = (): ts.Program => {
      write();
      return this.program();
    };
    while (this.#files.inSlice(build) === undefined) yield;
  }

  program(): ts.Program {
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
      getScriptFileNames: () => [...this.#roots],
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

  /**
   * Resolves Node's types, to which packages refer by name, to the bundle, so that they are not loaded twice.
   */
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
