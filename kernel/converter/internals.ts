/**
 * All uses of TypeScript members that its public types do not declare. The version of typescript is pinned,
 * and each member has a canary test (test/kernel/converter/internals.test.ts), which explains what breaks
 * with another version.
 */

import ts from "typescript";

/** The texts of all identifiers in a parsed file, without a walk over its tree. */
export function identifiersOf(file: ts.SourceFile): string[] {
  return [...(file as unknown as { identifiers: ReadonlyMap<string, string> }).identifiers.keys()];
}

/** The syntax errors of a file that was parsed without a program. */
export function parseErrorsOf(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/**
 * Gives our cache to the language service, which would otherwise read each package.json again for every new
 * program.
 */
export function resolutionCacheMember(cache: () => ts.ModuleResolutionCache): object {
  return { getModuleResolutionCache: cache };
}

/** Reports that failed lookups may succeed now, so that the imports of unchanged files are resolved again. */
export function invalidatedResolutionsMember(invalidated: () => boolean): object {
  return { hasInvalidatedResolutions: invalidated };
}

/**
 * A parser option that makes a text without imports and exports a module too, so that `await` is a keyword at
 * its top level.
 */
export function parsedAsModule(): Pick<ts.CreateSourceFileOptions, "setExternalModuleIndicator"> {
  return {
    setExternalModuleIndicator: (file) => {
      (file as unknown as { externalModuleIndicator: boolean }).externalModuleIndicator = true;
    },
  };
}

/** Makes `program.emit` write JavaScript only; its public type offers both or declarations only. */
export const emitsJavaScript = 0 as unknown as boolean;

/**
 * Binds one file, which the type checker would do for all files of a program at once. Returns false if it was
 * bound.
 */
export function bindFile(file: ts.SourceFile, options: ts.CompilerOptions): boolean {
  type Bind = (file: ts.SourceFile, options: ts.CompilerOptions) => void;
  if ((file as unknown as { readonly locals?: object }).locals !== undefined) return false;
  (ts as unknown as { readonly bindSourceFile: Bind }).bindSourceFile(file, options);
  return true;
}

/** The candidate that the compiler would suggest for a misspelt name. */
export function spellingSuggestion(name: string, candidates: readonly string[]): string | undefined {
  type Suggest = (
    name: string,
    candidates: readonly string[],
    nameOf: (candidate: string) => string,
  ) => string | undefined;
  const { getSpellingSuggestion } = ts as unknown as { readonly getSpellingSuggestion: Suggest };
  return getSpellingSuggestion(name, candidates, (candidate) => candidate);
}
