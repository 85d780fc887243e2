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
import { isVersioned, signatureOf } from "./sourceVersions";
import { rereadSettings, type Workspace } from "./workspace";

interface VirtualFile {
  readonly text: string;
  readonly version: number;
  readonly snapshot: ts.IScriptSnapshot;
}

/** A file of a package, as it was read last. */
interface PackageFile {
  readonly version: number;
  readonly signature: string | undefined;
  readonly snapshot: ts.IScriptSnapshot;
}

export class Project {
  readonly resolver: Resolver;
  readonly service: ts.LanguageService;
  /** The path of the file that contains the cell that is checked or completed. */
  readonly current: string;
  readonly #workspace: Workspace;
  readonly #virtual = new Map<string, VirtualFile>();
  readonly #packageFiles = new Map<string, PackageFile>();
  readonly #roots = new Set<string>();
  /** The roots that the workspace's tsconfig requests. */
  #extraRoots: readonly string[] = [];
  readonly #files: SourceFiles;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.resolver = new Resolver(workspace);
    this.current = this.resolver.cellFile(CURRENT_CELL);
    const node = this.#nodeTypes();
    this.write(NODE_BUNDLE, node.bundle);
    this.#roots = new Set([LIB_BUNDLE, NODE_BUNDLE, ...node.modules, this.current]);
    this.#applySettings();
    this.write(this.current, "export {};");
    this.#files = new SourceFiles(workspace.folder, () => workspace.settings.options);
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

  /**
   * Makes the next program see what is on disk now: the tsconfig, the sources and the packages that `ids`
   * lead to. Returns whether anything has changed.
   *
   * @param ids The specifiers of the imports of the current cell.
   */
  refresh(ids: Iterable<string>): boolean {
    const reconfigured = rereadSettings(this.#workspace);
    if (reconfigured) {
      this.#applySettings();
      this.resolver.reconfigure();
    }
    const { changed, packages } = this.resolver.refresh(ids);
    if (packages) this.#rereadPackages();
    if (changed || packages || reconfigured) this.#renew(this.current);
    return changed || packages || reconfigured;
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
    const { folder } = this.#workspace;
    return {
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => this.#workspace.settings.options,
      getDefaultLibFileName: () => LIB_BUNDLE,
      getScriptFileNames: () => [...this.#roots, ...this.#extraRoots],
      getScriptVersion: (file) => String((this.#virtual.get(file) ?? this.#packageFiles.get(file))?.version ?? 1),
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
      ...resolutionCacheMember(() => this.resolver.cache),
      ...invalidatedResolutionsMember(() => this.resolver.invalidated),
    };
  }

  #snapshot(file: string): ts.IScriptSnapshot | undefined {
    const virtual = this.#virtual.get(file);
    if (virtual !== undefined) return virtual.snapshot;
    return (this.#packageFiles.get(file) ?? this.#readFile(file, 1))?.snapshot;
  }

  #readFile(file: string, version: number): PackageFile | undefined {
    const signature = isVersioned(file) ? undefined : signatureOf(file);
    const text = this.#read(file);
    if (text === undefined) return undefined;
    const read = { version, signature, snapshot: ts.ScriptSnapshot.fromString(text) };
    this.#packageFiles.set(file, read);
    return read;
  }

  /** Reads those files of packages again that have changed on disk. */
  #rereadPackages(): void {
    for (const [file, { version, signature }] of this.#packageFiles) {
      if (isVersioned(file) || signatureOf(file) === signature) continue;
      if (this.#readFile(file, version + 1) === undefined) this.#packageFiles.delete(file);
    }
  }

  /**
   * Makes a file new for the compiler although its text is the same, so that its imports are resolved again.
   */
  #renew(file: string): void {
    const { text = "", version = 0 } = this.#virtual.get(file) ?? {};
    this.#virtual.set(file, { text, version: version + 1, snapshot: ts.ScriptSnapshot.fromString(text) });
  }

  #applySettings(): void {
    this.write(LIB_BUNDLE, libBundle(this.#workspace.settings.extraLibs));
    this.#extraRoots = this.#extraTypes();
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
    return ts.resolveTypeReferenceDirective(name, from, this.#workspace.settings.options, ts.sys);
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
    return this.#workspace.settings.extraTypes.flatMap(
      (name) => this.#typeReference(name, this.current).resolvedTypeReferenceDirective?.resolvedFileName ?? [],
    );
  }
}
