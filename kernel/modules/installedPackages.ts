/**
 * Notices that packages were installed, upgraded or removed while the notebook is open: the compiler does not
 * watch the disk.
 */

import fs from "node:fs";
import path from "node:path";
import { slashes } from "./folders";
import { signatureOf } from "./sourceVersions";

const ROOT = /^(.*\/node_modules)\/((?:@[^/]+\/)?[^/]+)/;
/** npm, yarn and pnpm write these in node_modules at each change. */
const INSTALL_RECORDS = [".package-lock.json", ".yarn-state.yml", ".yarn-integrity", ".modules.yaml"];

export class InstalledPackages {
  /** The state on disk of each file that says whether a package is still the same. */
  readonly #signatures = new Map<string, string | undefined>();
  readonly #roots = new Set<string>();
  readonly #installs = new Set<string>();

  /** @param folders Where packages may be installed later on. */
  constructor(folders: readonly string[]) {
    for (const folder of folders) this.#noteInstalls(`${folder}/node_modules`);
  }

  /** Remembers that a file of a package is in use. */
  note(file: string): void {
    const [root, folder] = ROOT.exec(file) ?? [];
    if (root === undefined || folder === undefined) return;
    this.#roots.add(root);
    this.#noteInstalls(folder);
    for (const each of [file, `${root}/package.json`]) {
      if (!this.#signatures.has(each)) this.#signatures.set(each, signatureOf(each));
    }
  }

  /**
   * The files of packages that may be others than at the last call; few calls to the disk when nothing
   * changed.
   */
  changed(): string[] {
    const dirty = new Set<string>();
    for (const [file, before] of this.#signatures) {
      const now = signatureOf(file);
      if (now === before) continue;
      this.#signatures.set(file, now);
      const root = ROOT.exec(file)?.[0];
      if (root !== undefined && !this.#installs.has(file)) dirty.add(root);
      else for (const each of this.#roots) dirty.add(each);
    }
    const gone = [...dirty].map((root) => `${root}/package.json`).filter((file) => !fs.existsSync(file));
    return [...gone, ...[...withDependencies(dirty)].flatMap(filesOf)];
  }

  #noteInstalls(folder: string): void {
    for (const name of INSTALL_RECORDS) {
      const file = `${folder}/${name}`;
      if (this.#installs.has(file)) continue;
      this.#installs.add(file);
      this.#signatures.set(file, signatureOf(file));
    }
  }
}

/** These packages, their types in packages of their own, and all that they depend on. */
function withDependencies(roots: Iterable<string>, seen: Set<string> = new Set()): Set<string> {
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    const [, folder = "", name = ""] = ROOT.exec(root) ?? [];
    const needed = Object.keys(dependenciesOf(root)).flatMap((each) => installed(each, root) ?? []);
    const types = `${folder}/@types/${name.replace(/^@(.*)\//, "$1__")}`;
    withDependencies(fs.existsSync(types) ? [...needed, types] : needed, seen);
  }
  return seen;
}

function dependenciesOf(root: string): Readonly<Record<string, string>> {
  try {
    const { dependencies, peerDependencies } = JSON.parse(fs.readFileSync(`${root}/package.json`, "utf8"));
    return { ...dependencies, ...peerDependencies };
  } catch {
    return {};
  }
}

/** Where Node finds a package, by its rule of looking upwards. */
function installed(name: string, from: string): string | undefined {
  for (let at = from; at !== path.posix.dirname(at); at = path.posix.dirname(at)) {
    const folder = `${at}/node_modules/${name}`;
    if (fs.existsSync(`${folder}/package.json`)) return slashes(fs.realpathSync(folder));
  }
  return undefined;
}

/** The files of a package that the compiler may have read. */
function filesOf(root: string): string[] {
  try {
    const names = fs.readdirSync(root, { recursive: true, encoding: "utf8" }).map(slashes);
    return names
      .filter((name) => /(?:\.[mc]?tsx?|package\.json)$/.test(name) && !name.includes("node_modules/"))
      .map((name) => `${root}/${name}`);
  } catch {
    return [];
  }
}
