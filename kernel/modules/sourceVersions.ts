/**
 * Versions of the source files of the workspace: a file that has changed is a new file (`cryo~2.ts`) for the
 * compiler and the module loader, so that types and values change together, and only when a cell imports the
 * file again.
 */

import fs from "node:fs";
import { isInside } from "./folders";

interface SourceFile {
  version: number;
  /** The text of the current version. */
  text: string;
  signature: string;
}

const SOURCE = /(?:\.d)?\.(?:ts|tsx|mts|cts|json)$/;
const VERSIONED = /~(\d+)((?:\.d)?\.(?:ts|tsx|mts|cts|json))$/;

export class SourceVersions {
  readonly #files = new Map<string, SourceFile>();
  readonly #texts = new Map<string, string>();
  readonly #packageRoot: string;

  constructor(packageRoot: string) {
    this.#packageRoot = packageRoot;
  }

  /**
   * Whether `file` belongs to the user: source code, or types of plain JavaScript. Files of packages do not
   * change.
   */
  isSource(file: string): boolean {
    return SOURCE.test(file) && !file.includes("/node_modules/") && !isInside(file, `${this.#packageRoot}/dist`);
  }

  /** The versioned name of a source file in its current version. The first call reads the file. */
  current(file: string): string {
    const known = this.#files.get(file) ?? this.#read(file, 1);
    return versioned(file, known.version);
  }

  /** The text of a versioned name. */
  text(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** Whether the file on disk differs from the current version. */
  changedOnDisk(file: string): boolean {
    const known = this.#files.get(file);
    if (known === undefined) return false;
    const signature = signatureOf(file);
    if (signature === known.signature) return false;
    if (signature === undefined || fs.readFileSync(file, "utf8") !== known.text) return true;
    known.signature = signature;
    return false;
  }

  /** Whether a version is outdated. @param name A versioned name, with or without extension. */
  isOutdated(name: string): boolean {
    return [name, `${name}.ts`, `${name}.tsx`, `${name}.d.ts`].some(
      (file) => this.#texts.has(file) && this.current(unversioned(file)) !== file,
    );
  }

  /** Begins a new version with the file on disk. */
  renew(file: string): void {
    const known = this.#files.get(file);
    if (known !== undefined && fs.existsSync(file)) this.#read(file, known.version + 1);
  }

  #read(file: string, version: number): SourceFile {
    const source = { version, text: fs.readFileSync(file, "utf8"), signature: signatureOf(file) ?? "" };
    this.#files.set(file, source);
    this.#texts.set(versioned(file, version), source.text);
    return source;
  }
}

/** The plain name of `cryo~2.ts` or, in an import that the compiler wrote, of `./cryo~2`. */
export function unversioned(name: string): string {
  return name.replace(VERSIONED, "$2").replace(/~\d+$/, "");
}

export function isVersioned(name: string): boolean {
  return VERSIONED.test(name);
}

/** Whether a specifier that is written for the compiler leads to one version of a workspace file. */
export function isVersionedSpecifier(specifier: string): boolean {
  return /~\d+/.test(specifier);
}

/** Whether a versioned name belongs to code or data, and not only to types. */
export function isExecutable(name: string): boolean {
  return isVersioned(name) && !/\.d\.[mc]?ts$/.test(name);
}

function versioned(file: string, version: number): string {
  return file.replace(SOURCE, `~${version}$&`);
}

/** Identifies the state of a file; undefined if there is no file. */
export function signatureOf(file: string): string | undefined {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}
