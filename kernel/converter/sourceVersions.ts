/**
 * Versions of the workspace's own source files. A file that changed is a new file to the compiler and to the module loader
 * (`cryo~2.ts`), so that types and values move together, and only when a cell imports it again.
 */

import fs from "node:fs";
import { isInside } from "./workspace";

interface SourceFile {
  version: number;
  /** Of the current version. */
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

  /** Whether `file` is of the person's: source code to be compiled here, or the types of plain JavaScript. Packages do not change. */
  isSource(file: string): boolean {
    return SOURCE.test(file) && !file.includes("/node_modules/") && !isInside(file, `${this.#packageRoot}/dist`);
  }

  /** The versioned name of a source file as it is now known; reads it at the first call. */
  current(file: string): string {
    const known = this.#files.get(file) ?? this.#read(file, 1);
    return versioned(file, known.version);
  }

  /** The text behind a versioned name, as it was when that version was read. */
  text(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** Whether the file differs on disk from the version in use. */
  changedOnDisk(file: string): boolean {
    const known = this.#files.get(file);
    if (known === undefined) return false;
    const signature = signatureOf(file);
    if (signature === known.signature) return false;
    if (signature === undefined || fs.readFileSync(file, "utf8") !== known.text) return true;
    known.signature = signature;
    return false;
  }

  /** @param name A versioned name, with or without extension. */
  isOutdated(name: string): boolean {
    return [name, `${name}.ts`, `${name}.tsx`, `${name}.d.ts`].some(
      (file) => this.#texts.has(file) && this.current(unversioned(file)) !== file,
    );
  }

  /** Starts a new version from what is on disk. */
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

/** `cryo~2.ts` or, in an import that the compiler wrote, `./cryo~2`: the plain name. */
export function unversioned(name: string): string {
  return name.replace(VERSIONED, "$2").replace(/~\d+$/, "");
}

export function isVersioned(name: string): boolean {
  return VERSIONED.test(name);
}

/** Whether a versioned name is of code or data, which runs, and not of types only. */
export function isExecutable(name: string): boolean {
  return isVersioned(name) && !/\.d\.[mc]?ts$/.test(name);
}

function versioned(file: string, version: number): string {
  return file.replace(SOURCE, `~${version}$&`);
}

/** Tells one state of a file from another; undefined where there is no file. */
export function signatureOf(file: string): string | undefined {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}
