/**
 * The settings of a notebook's folder: where modules resolve, and the compiler options for the check of
 * cells.
 */

import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { isInside, ownPackageRoot, slashes } from "./folders";
import { RESPECTED_OPTIONS } from "./respectedOptions";
import { signatureOf } from "./sourceVersions";

/** What the workspace's tsconfig decides. It is read again when the file changes, see `rereadSettings`. */
export interface WorkspaceSettings {
  readonly options: ts.CompilerOptions;
  /** Additional library files that the workspace's tsconfig requests, for example "lib.dom.d.ts". */
  readonly extraLibs: readonly string[];
  /** The names of the type packages whose globals cells can use, besides Node's. */
  readonly extraTypes: readonly string[];
  /** The state on disk of each file that was read or searched for, by path. */
  readonly signatures: ReadonlyMap<string, string | undefined>;
}

export interface Workspace {
  /** The real path of the folder from which cells resolve modules, with forward slashes. */
  readonly folder: string;
  /** The folder where `secop-lab` and its dependencies resolve if the workspace does not have them. */
  readonly packageRoot: string;
  settings: WorkspaceSettings;
}

/**
 * The library of Node 20, so that functions it lacks, such as `Object.groupBy`, are reported before they fail
 * at run time.
 */
export const LIBS: readonly string[] = ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"];

/**
 * The syntax of Node 20. The compiler translates newer syntax, and refuses what it cannot translate, such as
 * newer RegExp flags.
 */
export const TARGET = ts.ScriptTarget.ES2024;

/** Options that this compiler resolves modules by, beside those of every compiler. */
const RESPECTED = [...RESPECTED_OPTIONS, "paths", "baseUrl", "pathsBasePath"] as const;

export function openWorkspace(folder: string, packageRoot: string = ownPackageRoot()): Workspace {
  const real = slashes(fs.realpathSync(folder));
  return { folder: real, packageRoot: slashes(fs.realpathSync(packageRoot)), settings: readSettings(real) };
}

/** Reads the settings again if a tsconfig has changed since. Returns whether it did. */
export function rereadSettings(workspace: Workspace): boolean {
  const known = [...workspace.settings.signatures];
  if (known.every(([file, signature]) => signatureOf(file) === signature)) return false;
  workspace.settings = readSettings(workspace.folder);
  return true;
}

function readSettings(folder: string): WorkspaceSettings {
  const signatures = new Map<string, string | undefined>();
  const theirs = workspaceOptions(folder, signatures);
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
    // Const enums are kept as values, because later cells may import them.
    preserveConstEnums: true,
    // Declarations of accepted cells are emitted to keep later programs small. Their errors are not part of
    // the check.
    declaration: true,
  };
  return {
    options,
    signatures,
    extraLibs: theirs.lib ?? [],
    extraTypes: (theirs.types ?? []).filter((name) => name !== "node" && name !== "*"),
  };
}

/** The options of the nearest tsconfig.json, if it covers the folder. An unreadable file is ignored. */
function workspaceOptions(folder: string, signatures: Map<string, string | undefined>): ts.CompilerOptions {
  const noted = (file: string): string => {
    signatures.set(file, signatureOf(file));
    return file;
  };
  const file = ts.findConfigFile(folder, (candidate) => ts.sys.fileExists(noted(candidate)));
  if (file === undefined) return {};
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  if (config === undefined) return {};
  const readFile = (read: string): string | undefined => ts.sys.readFile(noted(read));
  const host: ts.ParseConfigHost = { ...ts.sys, readFile, readDirectory: () => [], useCaseSensitiveFileNames: true };
  const parsed = ts.parseJsonConfigFileContent(config, host, path.dirname(file), undefined, file);
  return covers(parsed, folder, slashes(path.dirname(file))) ? parsed.options : {};
}

/**
 * Whether a tsconfig covers the folder; that of a package around the notebooks may list other folders only.
 */
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
