/** The options of a workspace's tsconfig that count for cells, with either compiler. */

/** Options that concern the check of code; how cells are compiled and run is ours to say. */
export const RESPECTED_OPTIONS = [
  "strict",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictPropertyInitialization",
  "strictBuiltinIteratorReturn",
  "noImplicitAny",
  "noImplicitThis",
  "useUnknownInCatchVariables",
  "noUncheckedIndexedAccess",
  "exactOptionalPropertyTypes",
  "noImplicitReturns",
  "noFallthroughCasesInSwitch",
  "noPropertyAccessFromIndexSignature",
  "noImplicitOverride",
  "experimentalDecorators",
  "useDefineForClassFields",
  "customConditions",
  "jsx",
  "jsxImportSource",
  "moduleSuffixes",
  "rootDirs",
  "allowArbitraryExtensions",
] as const;
