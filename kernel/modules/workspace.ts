/**
 * The options of the workspace's tsconfig that count for cells, and the configuration that the compiler gets
 * instead of it.
 */

import fs from "node:fs";
import path from "node:path";
import type { TsConfigResult } from "get-tsconfig";
import { ownPackageRoot, slashes } from "./folders";
import { BASE_LIBS, libraryFiles } from "./languageLibrary";
import { nodeGlobals, youngLibs } from "./nodeGlobals";

export type CompilerOptions = Readonly<Record<string, unknown>>;

/** The settings of the workspace's tsconfig that matter here. */
interface Settings {
  /** Whether there is a tsconfig. */
  readonly isConfigured: boolean;
  readonly options: CompilerOptions;
  readonly matcher: ((specifier: string) => string[]) | null;
  readonly configuration: string;
  readonly globals: string;
}

/** Options that concern the check of code. The kernel itself decides how cells are compiled and run. */
const RESPECTED_OPTIONS = [
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
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "moduleSuffixes",
  "rootDirs",
  "allowArbitraryExtensions",
] as const;

export class NotebookWorkspace {
  /** The real path of the folder from which cells resolve modules, with forward slashes. */
  readonly folder: string;
  /** The folder where `secop-lab` and its dependencies resolve if the workspace does not have them. */
  readonly packageRoot: string;
  #settings: Settings;

  constructor(folder: string, packageRoot: string = ownPackageRoot()) {
    this.folder = slashes(fs.realpathSync(folder));
    this.packageRoot = slashes(fs.realpathSync(packageRoot));
    this.#settings = this.#read();
  }

  /** The options of the workspace's tsconfig that count for cells. */
  get options(): CompilerOptions {
    return this.#settings.options;
  }

  /** The text of the configuration for the compiler. */
  get configuration(): string {
    return this.#settings.configuration;
  }

  /** Declarations of globals that Node's types lack. */
  get globals(): string {
    return this.#settings.globals;
  }

  /** Absolute candidates for a specifier, by `paths` of the tsconfig. */
  pathsOf(specifier: string): readonly string[] {
    return /^[./]/.test(specifier) ? [] : (this.#settings.matcher?.(specifier) ?? []);
  }

  /**
   * Reads the tsconfig and what it extends as they are on disk now. Returns whether the configuration
   * differs.
   */
  reread(): boolean {
    if (!this.#settings.isConfigured && !isBelowTsconfig(this.folder)) return false;
    const before = this.#settings.configuration;
    this.#settings = this.#read();
    return this.#settings.configuration !== before;
  }

  #read(): Settings {
    const found = coveringConfig(this.folder);
    const theirs: CompilerOptions = { ...found?.config.compilerOptions };
    const options = Object.fromEntries(
      RESPECTED_OPTIONS.filter((name) => theirs[name] !== undefined).map((name) => [name, theirs[name]]),
    );
    const libs = [...new Set([...BASE_LIBS, ...youngLibs(), ...strings(theirs.lib)])];
    const compilerOptions = {
      strict: true,
      useUnknownInCatchVariables: false,
      jsx: "react-jsx",
      ...options,
      ...pathOptions(found),
      target: "es2024",
      // The files of the library are among the roots.
      noLib: true,
      types: ["node", ...strings(theirs.types).filter((name) => name !== "node" && name !== "*")],
      typeRoots: typeRoots(this.folder, this.packageRoot),
      module: "esnext",
      moduleResolution: "bundler",
      moduleDetection: "force",
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    };
    const configuration = JSON.stringify({
      compilerOptions,
      files: [
        ...libraryFiles(libs),
        "__cell.ts",
        "__cell.tsx",
        "__question.ts",
        "__question.tsx",
        "__ambient.d.ts",
        "__globals.d.ts",
      ],
      include: [],
      typeAcquisition: { enable: false },
    });
    const matcher = found === undefined ? null : tsconfigs().createPathsMatcher(found);
    return { isConfigured: found !== undefined, options, matcher, configuration, globals: nodeGlobals(libs) };
  }
}

/** The nearest tsconfig.json, if it covers the folder. A file that cannot be read is ignored. */
function coveringConfig(folder: string): TsConfigResult | undefined {
  if (!isBelowTsconfig(folder)) return undefined;
  try {
    const found = tsconfigs().getTsconfig(folder) ?? undefined;
    if (found === undefined || slashes(path.dirname(found.path)) === folder) return found;
    return tsconfigs().createFilesMatcher(found)(`${folder}/__cell.ts`) === undefined ? undefined : found;
  } catch {
    return undefined;
  }
}

/** Most folders of notebooks have no tsconfig above them: then the package that reads one is not loaded. */
function isBelowTsconfig(folder: string): boolean {
  for (let at = folder; ; at = path.posix.dirname(at)) {
    if (fs.existsSync(path.posix.join(at, "tsconfig.json"))) return true;
    if (at === path.posix.dirname(at)) return false;
  }
}

function tsconfigs(): typeof import("get-tsconfig") {
  return require("get-tsconfig") as typeof import("get-tsconfig");
}

function pathOptions(found: TsConfigResult | undefined): CompilerOptions {
  const { paths, baseUrl } = found?.config.compilerOptions ?? {};
  if (found === undefined || paths === undefined) return {};
  const base = path.resolve(path.dirname(found.path), baseUrl ?? ".");
  const absolute = Object.entries(paths).map(([pattern, targets]) => [
    pattern,
    (targets ?? []).map((target) => slashes(path.resolve(base, target))),
  ]);
  return { paths: Object.fromEntries(absolute) };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** Node's types are there for each notebook, whether its folder has them or not. */
function typeRoots(folder: string, packageRoot: string): string[] {
  const roots: string[] = [];
  for (const start of [folder, packageRoot]) {
    for (let at = start; ; at = path.posix.dirname(at)) {
      roots.push(`${at === "/" ? "" : at}/node_modules/@types`);
      if (at === path.posix.dirname(at)) break;
    }
  }
  return [...new Set(roots)];
}
