/**
 * A notebook workspace for the compiler: virtual files that import "secop-lab" from the sources of this
 * repository.
 */

import { join } from "node:path";
import ts from "typescript";
import { repository } from "../peers/peers";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: false,
  skipLibCheck: true,
  esModuleInterop: true,
  types: ["node"],
  noEmit: true,
  paths: { "secop-lab": [join(repository, "lib/index.ts")] },
};

/** One language service for all tests of a process, so that the library is read only once. */
class Workspace {
  readonly #dir = join(repository, "workspace-of-tests");
  readonly #files = new Map<string, { text: string; version: number }>();
  readonly #service: ts.LanguageService;

  constructor() {
    const host: ts.LanguageServiceHost = {
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => [...this.#files.keys()],
      getScriptVersion: (path) => `${this.#files.get(path)?.version ?? 0}`,
      getScriptSnapshot: (path) => {
        const text = this.#files.get(path)?.text ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => repository,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => this.#files.has(path) || ts.sys.fileExists(path),
      readFile: (path) => this.#files.get(path)?.text ?? ts.sys.readFile(path),
      readDirectory: ts.sys.readDirectory,
      directoryExists: (path) => path.startsWith(this.#dir) || ts.sys.directoryExists(path),
      getDirectories: ts.sys.getDirectories,
    };
    this.#service = ts.createLanguageService(host);
  }

  /** Adds a file to the workspace. */
  write(name: string, text: string): void {
    const path = join(this.#dir, name);
    this.#files.set(path, { text, version: (this.#files.get(path)?.version ?? 0) + 1 });
  }

  clear(): void {
    this.#files.clear();
  }

  /** The errors of a file, one line each. */
  errors(name: string): string[] {
    const path = join(this.#dir, name);
    const found = [...this.#service.getSyntacticDiagnostics(path), ...this.#service.getSemanticDiagnostics(path)];
    return found.map(({ code, messageText, start = 0 }) => {
      const line = (this.#files.get(path)?.text.slice(0, start).match(/\n/g)?.length ?? 0) + 1;
      return `${name}:${line} TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  }

  /** The completions after the last occurrence of `text` in a file. */
  completions(name: string, text: string): string[] {
    const path = join(this.#dir, name);
    const position = (this.#files.get(path)?.text.lastIndexOf(text) ?? -1) + text.length;
    return (this.#service.getCompletionsAtPosition(path, position, {})?.entries ?? []).map((entry) => entry.name);
  }

  /** The declaration and documentation shown when hovering over the last occurrence of `text`. */
  hover(name: string, text: string): string {
    const path = join(this.#dir, name);
    const position = this.#files.get(path)?.text.lastIndexOf(text) ?? -1;
    const info = this.#service.getQuickInfoAtPosition(path, position);
    return `${ts.displayPartsToString(info?.displayParts)} // ${ts.displayPartsToString(info?.documentation)}`;
  }
}

export const workspace = new Workspace();
