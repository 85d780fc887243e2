/** What a notebook's folder decides: where modules resolve and with which compiler options cells are checked. */

import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { InternalError } from "../../lib/errors";

export interface Workspace {
  /** Real path of the folder that cells resolve from, with forward slashes. */
  readonly folder: string;
  /** Where `secop-lab` and its dependencies resolve for a workspace that does not have them. */
  readonly packageRoot: string;
  readonly options: ts.CompilerOptions;
  /** Library files on top of ours ("lib.dom.d.ts"), as the workspace's tsconfig asks for. */
  readonly extraLibs: readonly string[];
  /** Names of type packages whose globals cells see, besides Node's. */
  readonly extraTypes: readonly string[];
}

/** The language level of Node 20: what it lacks (`Object.groupBy`) is refused before it fails at run time. */
export const LIBS: readonly string[] = ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"];

/** The syntax of Node 20: the compiler translates what is younger, and refuses what it cannot translate (a flag of a regular expression). */
export const TARGET = ts.ScriptTarget.ES2024;

/** Options of a workspace that concern the check of its code; how cells are compiled and run is ours to say. */
const RESPECTED = [
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
  "erasableSyntaxOnly",
  "experimentalDecorators",
  "useDefineForClassFields",
  "customConditions",
  "jsx",
  "jsxImportSource",
  "moduleSuffixes",
  "paths",
  "baseUrl",
  "pathsBasePath",
  "rootDirs",
  "allowArbitraryExtensions",
] as const;

export function openWorkspace(folder: string, packageRoot: string = ownPackageRoot()): Workspace {
  const real = slashes(fs.realpathSync(folder));
  const theirs = workspaceOptions(real);
  const options: ts.CompilerOptions = {
    strict: true,
    useUnknownInCatchVariables: false,
    jsx: ts.JsxEmit.ReactJSX,
    ...respected(theirs),
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    target: TARGET,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noLib: true,
    types: [],
    sourceMap: true,
    // Each cell uses the enums of others as they are declared, and may be the one that is asked for them.
    preserveConstEnums: true,
    // Declarations of accepted cells are emitted to keep later programs small; declaration errors stay apart from the check.
    declaration: true,
  };
  return {
    folder: real,
    packageRoot: slashes(fs.realpathSync(packageRoot)),
    options,
    extraLibs: theirs.lib ?? [],
    extraTypes: (theirs.types ?? []).filter((name) => name !== "node" && name !== "*"),
  };
}

export function slashes(file: string): string {
  return file.replaceAll("\\", "/");
}

/** Whether `file` is `folder` or below it. */
export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function ownPackageRoot(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (fs.existsSync(file) && JSON.parse(fs.readFileSync(file, "utf8")).name === "secop-lab") return folder;
  }
  throw new InternalError(`no package.json of secop-lab above ${__dirname}`);
}

/** Options of the nearest tsconfig.json, if that tsconfig covers the folder; an unreadable one counts as none. */
function workspaceOptions(folder: string): ts.CompilerOptions {
  const file = ts.findConfigFile(folder, ts.sys.fileExists);
  if (file === undefined) return {};
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  if (config === undefined) return {};
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [], useCaseSensitiveFileNames: true };
  const parsed = ts.parseJsonConfigFileContent(config, host, path.dirname(file), undefined, file);
  return covers(parsed, folder, slashes(path.dirname(file))) ? parsed.options : {};
}

/** A tsconfig that lists other folders (a package around the notebooks) says nothing about this one. */
function covers(parsed: ts.ParsedCommandLine, folder: string, configFolder: string): boolean {
  if (folder === configFolder) return true;
  return Object.entries(parsed.wildcardDirectories ?? {}).some(([listed, flags]) =>
    flags === ts.WatchDirectoryFlags.Recursive ? isInside(folder, slashes(listed)) : folder === slashes(listed),
  );
}

function respected(options: ts.CompilerOptions): ts.CompilerOptions {
  const set = RESPECTED.filter((name) => options[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, options[name]]));
}
