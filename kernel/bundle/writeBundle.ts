/** Writes a bundle: a zip archive with the files, without secrets, and their description. */

import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { diskErrorText, makeFolder } from "../../lib/disk";
import { UsageError } from "../../lib/errors";
import { readRecording, StoredRun } from "../../lib/index";
import { version } from "../installation";
import { isScript, type Notebook, sourceOf, stemOf } from "../notebookFile";
import { MOST_BYTES, MOST_FILES, MOST_TEXT, mayBePacked, STORED_FROM } from "./archiveLimits";
import { type BundleOptions, bundleContents } from "./bundleContents";
import type { BundlePart } from "./bundlePart";
import { type ArchivedFile, type ArchivedRun, CRATE_FILE, crateMetadata } from "./crateMetadata";
import { entryProblem, sameFileName } from "./entryName";
import { type FoundSecrets, Secrets, secretFile, unpackedText } from "./secrets";

export interface WrittenBundle {
  readonly files: readonly ArchivedFile[];
  /** Files that are not in the bundle, each with the reason. */
  readonly leftOut: readonly string[];
  /** The kinds of secrets that were taken out of files, one line a file. */
  readonly redacted: readonly string[];
  readonly bytes: number;
}

export interface WriteOptions extends BundleOptions {
  readonly license?: string;
  readonly author?: string;
}

/** Files whose texts have a hash in them, so that nothing can be taken out. */
const HASHED = new Set(["lock", "recording", "description"]);

/** Files that need not be text. */
const DATA = new Set(["file", "image"]);

/** A file that is ready for the archive. */
interface Prepared {
  /** Its content; undefined for a large file, which is stored as it is. */
  readonly bytes: Buffer | undefined;
  readonly size: number;
  readonly sha256: string;
  readonly modified: Date;
  readonly redacted: FoundSecrets;
}

/**
 * Writes the bundle of a notebook to `output`, over an older one.
 *
 * @throws UsageError if the notebook cannot be read, or the archive cannot be written
 */
export async function writeBundle(file: string, output: string, options: WriteOptions = {}): Promise<WrittenBundle> {
  refuseOtherFile(output);
  const { root, notebook, parts, leftOut: absent } = await bundleContents(file, options);
  const secrets = new Secrets([root, dirname(notebook.path ?? root), process.cwd()]);
  const leftOut = [...absent];
  const redacted: string[] = [];
  const files: ArchivedFile[] = [];
  let title = { title: "", description: "" };
  const { ZipFile } = await import("yazl");
  const zip = new ZipFile();
  const space = new ArchiveSpace();
  for (const part of parts) {
    const prepared = await prepare(part, secrets);
    const refused = typeof prepared === "string" ? prepared : space.take(part.name, prepared.size);
    if (typeof prepared === "string" || refused !== undefined) {
      if (part === notebook) throw new UsageError(`${file} cannot be bundled: ${refused}`);
      leftOut.push(`${part.name}: ${refused}`);
      continue;
    }
    const { bytes, size, modified } = prepared;
    const options = { mtime: modified, mode: 0o100644 };
    if (bytes) zip.addBuffer(bytes, part.name, { ...options, compress: mayBePacked(bytes) });
    else if (part.path !== undefined) zip.addFile(part.path, part.name, { ...options, compress: false });
    if (part === notebook && bytes) title = titleOf(part.name, bytes);
    files.push({ part, bytes: size, sha256: prepared.sha256, modified, about: aboutOf(part) });
    for (const [what, times] of prepared.redacted)
      redacted.push(`${part.name}: ${what}${times > 1 ? `, ${times} times` : ""}`);
  }
  const made = new Date();
  const facts = { ...title, notebook: notebook.name, files, runs: runsIn(files), version, made };
  const metadata = crateMetadata({ ...facts, license: options.license ?? licenseIn(root), author: options.author });
  zip.addBuffer(Buffer.from(metadata), CRATE_FILE, { mtime: made, mode: 0o100644 });
  zip.end();
  return { files, leftOut, redacted, bytes: await write(zip.outputStream, output) };
}

/** The file without secrets, or the reason why it is left out. */
async function prepare(part: BundlePart, secrets: Secrets): Promise<Prepared | string> {
  const redacted: FoundSecrets = new Map();
  const ready = (bytes: Buffer, modified: Date): Prepared => {
    return { bytes, size: bytes.length, sha256: sha256(bytes), modified, redacted };
  };
  if (part.path === undefined) return ready(Buffer.from(part.text ?? ""), new Date());
  let bytes: Buffer;
  const { size, mtime: modified } = statSync(part.path);
  try {
    if (size > STORED_FROM && DATA.has(part.role) && isBinary(headOf(part.path)))
      return { bytes: undefined, size, sha256: await sha256OfFile(part.path), modified, redacted };
    if (size > MOST_TEXT)
      return `it has ${Math.round(size / 1024 / 1024)} MB of text, too much to look for secrets in: send it separately`;
    bytes = readFileSync(part.path);
  } catch (error) {
    return diskErrorText(error);
  }
  const refused = secretFile(part.path, bytes);
  if (refused !== undefined) return refused;
  if (DATA.has(part.role) && isBinary(bytes)) return ready(bytes, modified);
  let text: string;
  try {
    text = unpackedText(part.name, bytes);
  } catch {
    return "it is damaged: it cannot be unpacked";
  }
  const isCode = part.role !== "packages" && !HASHED.has(part.role);
  const safe = part.name.endsWith(".ipynb")
    ? secrets.redactNotebook(text, redacted)
    : secrets.redact(text, redacted, { names: isCode });
  if (redacted.size === 0) return ready(bytes, modified);
  if (HASHED.has(part.role))
    return `it holds ${[...redacted.keys()].join(", ")}, which cannot be taken out of it${part.role === "recording" ? ": record again with --redact" : ""}`;
  const changed = Buffer.from(safe);
  return ready(part.name.endsWith(".gz") ? gzipSync(changed) : changed, modified);
}

/** How much of a file shows whether it is text. Bytes. */
const HEAD = 8000;

const isBinary = (bytes: Buffer): boolean => bytes.subarray(0, HEAD).includes(0);

function headOf(path: string): Buffer {
  const head = Buffer.alloc(HEAD);
  const file = openSync(path, "r");
  try {
    return head.subarray(0, readSync(file, head, 0, HEAD, 0));
  } finally {
    closeSync(file);
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The names and the bytes that the archive has already. */
class ArchiveSpace {
  readonly #names = new Set([CRATE_FILE]);
  #bytes = 0;

  /** Takes space for a file. @returns why there is none; undefined if it was taken */
  take(name: string, size: number): string | undefined {
    const problem = entryProblem(name);
    if (problem !== undefined) return problem;
    if (this.#names.has(sameFileName(name))) return "another file of the bundle has the same name on some disks";
    if (this.#names.size >= MOST_FILES || this.#bytes + size > MOST_BYTES)
      return "the bundle is full: send it separately";
    this.#names.add(sameFileName(name));
    this.#bytes += size;
    return undefined;
  }
}

/** The subject of a lock or a recording, for its description. */
function aboutOf({ role, path }: BundlePart): string | undefined {
  if (path === undefined) return undefined;
  try {
    if (role === "lock") {
      const { equipment_id, uri } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      return `${equipment_id} at ${uri}`;
    }
    return role === "recording" ? readRecording(path).nodes.join(", ") : undefined;
  } catch {
    return "damaged";
  }
}

function runsIn(files: readonly ArchivedFile[]): ArchivedRun[] {
  return files.flatMap(({ part: { role, path, name: file } }) => {
    const run = role === "run" && path !== undefined ? StoredRun.open(path) : undefined;
    if (!run) return [];
    const { plan_name, scan_id, time, user } = run.start;
    const name = `${String(plan_name ?? "run")}${(scan_id ?? undefined) === undefined ? "" : ` #${scan_id}`}`;
    const end = run.stop?.time;
    const failed = run.stop?.exit_status !== "success";
    return [{ name, file, user: typeof user === "string" ? user : undefined, start: time, end, failed }];
  });
}

/** The first heading of a notebook that has no secrets any more, and the text below it. */
function titleOf(name: string, notebook: Buffer): { readonly title: string; readonly description: string } {
  if (isScript(name)) {
    return { title: basename(stemOf(name)), description: `The script ${name} with what it needs to run again` };
  }
  const { cells } = JSON.parse(notebook.toString("utf8")) as Notebook;
  const text = cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .map(sourceOf)
    .join("\n\n");
  const title = /^#\s+(.+)$/m.exec(text)?.[1]?.trim() ?? basename(name, ".ipynb");
  const paragraph = /^(?!#|\s|`)[^\n]+(?:\n(?!\s*\n)[^\n]+)*/m.exec(text)?.[0].replace(/\s+/g, " ");
  return { title, description: paragraph ?? `The notebook ${name} with what it needs to run again` };
}

function licenseIn(root: string): string | undefined {
  try {
    const { license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { license?: unknown };
    return typeof license === "string" && license !== "UNLICENSED" ? license : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the archive under another name first. @returns its size */
async function write(stream: NodeJS.ReadableStream, output: string): Promise<number> {
  const partial = `${output}.${process.pid}.part`;
  try {
    makeFolder(dirname(output));
    await pipeline(stream, createWriteStream(partial));
    renameSync(partial, output);
    return statSync(output).size;
  } catch (error) {
    rmSync(partial, { force: true });
    throw new UsageError(`cannot write the bundle ${output}: ${diskErrorText(error)}`, { cause: error });
  }
}

/** @throws UsageError if the file exists and is not an archive, so that a mistyped name costs no notebook */
function refuseOtherFile(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  if (headOf(path).toString("latin1", 0, 2) !== "PK")
    throw new UsageError(`${path} exists and is not a bundle: choose another file`);
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
