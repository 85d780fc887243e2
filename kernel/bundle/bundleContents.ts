/** What belongs to a notebook: the files of its bundle, and those that are left out with the reason. */

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { counted } from "../../lib/display/number";
import { UsageError } from "../../lib/errors";
import { packageRoot } from "../installation";
import { lockFolder } from "../magics/index";
import { isScript, type NotebookCell, readNotebook, sourceOf, stemOf } from "../notebookFile";
import { bundledRuns, type RunChoice } from "./bundledRuns";
import type { BundlePart, PartRole } from "./bundlePart";
import { addImported, importedFiles, noImports } from "./importedFiles";
import { type MagicFiles, magicFiles } from "./magicFiles";
import { filesInStrings, linkedFiles } from "./namedFiles";
import { packageFiles } from "./packageFiles";

export interface BundleOptions extends RunChoice {
  /** Further files of the user's choice, also outside of the workspace. */
  readonly include?: readonly string[];
}

/** The files of a bundle. */
export interface BundleContents {
  /** The folder that the paths in the archive begin at. */
  readonly root: string;
  /** The notebook, or a script that `secop-lab run` runs. */
  readonly notebook: BundlePart;
  /** All files, the notebook first. */
  readonly parts: readonly BundlePart[];
  /** Files that the notebook may need and that are not in the bundle, each with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Collects what belongs to a notebook. Files outside of its workspace are only taken if `include` names them.
 *
 * Rejects with a UsageError if the notebook or an included file cannot be read, or a chosen run does not
 * exist.
 */
export async function bundleContents(file: string, options: BundleOptions = {}): Promise<BundleContents> {
  const path = realPath(file);
  const folder = dirname(path);
  const included = (options.include ?? []).map(realPath);
  const workspace = workspaceOf(folder);
  const root = commonFolder(workspace, included);
  const collected = new CollectedParts(root, workspace, included);
  const notebook = collected.add(isScript(path) ? "script" : "notebook", path);
  if (!notebook) throw new UsageError(`${file} is outside of its workspace ${workspace}`);
  const cells = cellsOf(path);
  const code = cells.filter(({ cell_type }) => cell_type === "code").map((cell) => magicFiles(sourceOf(cell), folder));
  const packages = addCode(collected, code, folder, included);
  for (const one of code.flatMap(({ files }) => files)) collected.add("file", one);
  for (const one of filesIn(lockFolder(path), /\.json$/)) collected.add("lock", one);
  const stem = stemOf(path);
  const recordings = [`${stem}.rec`, `${stem}.rec.gz`, ...code.flatMap(({ recordings: named }) => named)];
  for (const one of new Set(recordings)) if (existsSync(one)) collected.add("recording", one);
  const runs = await bundledRuns(path, options);
  for (const one of runs.files) collected.add("run", one);
  for (const one of runs.descriptions) collected.add("description", one);
  collected.addImages(runs.images);
  collected.leftOut.push(...runs.leftOut);
  const texts = cells.filter(({ cell_type }) => cell_type === "markdown").map(sourceOf);
  for (const one of texts.flatMap((text) => linkedFiles(text, folder))) collected.add("file", one);
  const listed = packageFiles(workspace, packages);
  for (const one of listed.files) collected.add("packages", one);
  if (listed.made !== undefined) collected.addMade("packages", join(workspace, "package.json"), listed.made);
  collected.leftOut.push(...listed.leftOut);
  for (const one of code.flatMap(({ code: text }) => filesInStrings(text, folder))) collected.mention(one);
  return { root, notebook, parts: collected.parts, leftOut: collected.leftOut };
}

/** The cells of a notebook; a script is one cell of code. */
function cellsOf(path: string): NotebookCell[] {
  if (!isScript(path)) return readNotebook(path).cells;
  return [{ cell_type: "code", source: readFileSync(path, "utf8"), metadata: {} }];
}

/** Adds class files, modules and included files. @returns the packages that they import */
function addCode(
  collected: CollectedParts,
  code: readonly MagicFiles[],
  folder: string,
  included: readonly string[],
): ReadonlySet<string> {
  const named = code.flatMap(({ classFiles }) => classFiles).filter((one) => existsSync(one));
  const made = code.some(({ makesClasses }) => makesClasses) ? filesIn(join(folder, "devices"), /\.ts$/) : [];
  const classFiles = [...named, ...made].map(realPath);
  const imported = noImports(collected.workspace);
  for (const one of [...classFiles, ...included]) addImported(one, imported);
  const cells = code.map(({ code: text }) => text);
  importedFiles(cells, folder, imported);
  for (const one of imported.files) {
    const isClass = classFiles.includes(one) || isClassFile(one);
    collected.add(included.includes(one) ? "file" : isClass ? "class file" : "module", one);
  }
  for (const missing of imported.missing) collected.leftOut.push(`${missing}: there is no such file`);
  return imported.packages;
}

class CollectedParts {
  readonly parts: BundlePart[] = [];
  readonly leftOut: string[] = [];
  readonly workspace: string;
  readonly #root: string;
  readonly #included: ReadonlySet<string>;
  readonly #names = new Set<string>();

  constructor(root: string, workspace: string, included: readonly string[]) {
    this.#root = root;
    this.workspace = workspace;
    this.#included = new Set(included);
  }

  /** Adds a file, unless it is there already, cannot be read, or leads out of the workspace. */
  add(role: PartRole, file: string): BundlePart | undefined {
    let path: string;
    try {
      path = realpathSync(file);
      if (!statSync(path).isFile()) throw new Error("it is not a file");
    } catch {
      this.leftOut.push(`${relative(this.workspace, file)} cannot be read`);
      return undefined;
    }
    if (!this.#takes(path)) {
      const shown = relative(process.cwd(), path);
      this.leftOut.push(`${shown} is outside of the workspace ${this.workspace}; add it with  --include ${shown}`);
      return undefined;
    }
    return this.#addPart({ role, name: this.#nameOf(path), path });
  }

  /** Adds the images of runs; those that are elsewhere are named by their folders. */
  addImages(files: readonly string[]): void {
    const elsewhere = new Map<string, number>();
    for (const file of files) {
      if (existsSync(file) && this.#takes(realpathSync(file))) this.add("image", file);
      else elsewhere.set(dirname(file), (elsewhere.get(dirname(file)) ?? 0) + 1);
    }
    for (const [folder, count] of elsewhere) {
      const what = `${counted(count, "file")} of images in ${relative(process.cwd(), folder)}`;
      this.leftOut.push(`${what}: outside of the workspace ${this.workspace}, or gone`);
    }
  }

  /** Adds a file that is made here. */
  addMade(role: PartRole, path: string, text: string): void {
    this.#addPart({ role, name: this.#nameOf(path), path: undefined, text });
  }

  /** Says of a file that the code names, and that is not in the bundle, how to add it. */
  mention(path: string): void {
    if (this.#names.has(this.#nameOf(path)) || !isBelow(this.workspace, path)) return;
    const shown = relative(process.cwd(), path);
    const line = `${shown} is named in the code; add it with  --include ${shown}`;
    if (!this.leftOut.includes(line)) this.leftOut.push(line);
  }

  #takes(path: string): boolean {
    return this.#included.has(path) || isBelow(this.workspace, path);
  }

  #nameOf(path: string): string {
    return relative(this.#root, path).split(sep).join("/");
  }

  #addPart(part: BundlePart): BundlePart {
    if (!this.#names.has(part.name)) this.parts.push(part);
    this.#names.add(part.name);
    return part;
  }
}

/** The folder of the packages of a notebook, else that of its repository, else its own. */
function workspaceOf(folder: string): string {
  for (const mark of ["package.json", ".git"]) {
    for (let at = folder; ; at = dirname(at)) {
      // The folder of secop-lab itself is not a workspace of experiments.
      if (existsSync(join(at, mark)) && at !== realpathSync(packageRoot)) return at;
      if (at === dirname(at)) break;
    }
  }
  return folder;
}

/** The lowest folder that has the workspace and the included files. */
function commonFolder(workspace: string, files: readonly string[]): string {
  let root = workspace;
  while (!files.every((file) => isBelow(root, file))) root = dirname(root);
  return root;
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

function realPath(file: string): string {
  try {
    return realpathSync(resolve(file));
  } catch {
    throw new UsageError(`there is no file ${file}`);
  }
}

function filesIn(folder: string, names: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => names.test(name))
    .sort()
    .map((name) => join(folder, name));
}

const isClassFile = (path: string): boolean =>
  path.endsWith(".ts") &&
  (basename(dirname(path)) === "devices" ||
    /^\/\/ <secop-lab generated /m.test(readFileSync(path, "latin1").slice(0, 4096)));
