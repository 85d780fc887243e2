/**
 * Every use of TypeScript members that its public types do not declare. typescript is pinned to one version, and each member has a
 * canary test (test/kernel/converter/internals.test.ts), so that another version breaks there, in words.
 */

import ts from "typescript";

/** All identifier texts that occur in a parsed file, without a walk over its tree. */
export function identifiersOf(file: ts.SourceFile): string[] {
  return [...(file as unknown as { identifiers: ReadonlyMap<string, string> }).identifiers.keys()];
}

/** Syntax errors of a file parsed without a program. */
export function parseErrorsOf(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/** Gives the language service our cache: without it every new program reads each package.json of its graph again. */
export function resolutionCacheMember(cache: ts.ModuleResolutionCache): object {
  return { getModuleResolutionCache: () => cache };
}

/** Says that failed lookups may succeed now, so that unchanged files are resolved again. */
export function invalidatedResolutionsMember(invalidated: () => boolean): object {
  return { hasInvalidatedResolutions: invalidated };
}

/** A parser option: the text is a module also without imports and exports, so `await` is a keyword at its top level. */
export function parsedAsModule(): Pick<ts.CreateSourceFileOptions, "setExternalModuleIndicator"> {
  return {
    setExternalModuleIndicator: (file) => {
      (file as unknown as { externalModuleIndicator: boolean }).externalModuleIndicator = true;
    },
  };
}

/** For `program.emit`: JavaScript and no declarations, where its public type knows both or declarations only. */
export const emitsJavaScript = 0 as unknown as boolean;

/** Gives a file its symbols, as the type checker would do with all files of its program at once. Returns false if it had them. */
export function bindFile(file: ts.SourceFile, options: ts.CompilerOptions): boolean {
  type Bind = (file: ts.SourceFile, options: ts.CompilerOptions) => void;
  if ((file as unknown as { readonly locals?: object }).locals !== undefined) return false;
  (ts as unknown as { readonly bindSourceFile: Bind }).bindSourceFile(file, options);
  return true;
}

/** The candidate that a misspelt name means, as the compiler would suggest it. */
export function spellingSuggestion(name: string, candidates: readonly string[]): string | undefined {
  type Suggest = (
    name: string,
    candidates: readonly string[],
    nameOf: (candidate: string) => string,
  ) => string | undefined;
  const { getSpellingSuggestion } = ts as unknown as { readonly getSpellingSuggestion: Suggest };
  return getSpellingSuggestion(name, candidates, (candidate) => candidate);
}
