/** Writes a bundle: a zip archive with the files, without secrets, and their description. */

import { createHash } from "node:crypto";
import { closeSync, createWriteStream, openSync, readFileSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { diskErrorText, makeFolder } from "../../lib/disk";
import { UsageError } from "../../lib/errors";
import { readRecording, StoredRun } from "../../lib/index";
import { version } from "../installation";
import { type Notebook, sourceOf } from "../notebookFile";
import { MOST_BYTES, MOST_FILE, MOST_FILES, mayBePacked } from "./archiveLimits";
import { type BundleOptions, bundleContents } from "./bundleContents";
import type { BundlePart } from "./bundlePart";
import { type ArchivedFile, type ArchivedRun, CRATE_FILE, crateMetadata } from "./crateMetadata";
import { entryProblem, sameFileName } from "./entryName";
import { type FoundSecrets, Secrets, secretFile, unpackedText } from "./secrets";

export interface WrittenBundle {
  readonly files: readonly ArchivedFile[];
  /** Files that are not in the bundle, each with the reason. */
  readonly leftOut: readonly string[];
  /** What was taken out of files, one line a file. */
  readonly redacted: readonly string[];
  readonly bytes: number;
}

export interface WriteOptions extends BundleOptions {
  readonly license?: string;
  readonly author?: string;
}

/** Files whose texts have a hash in them, so that nothing can be taken out. */
const HASHED = new Set(["lock", "recording", "description"]);

/** A file that is ready for the archive. */
interface Prepared {
  readonly bytes: Buffer;
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
  const { root, notebook, parts, leftOut: absent } = bundleContents(file, options);
  const secrets = new Secrets([root, dirname(notebook.path ?? root), process.cwd()]);
  const leftOut = [...absent];
  const redacted: string[] = [];
  const files: ArchivedFile[] = [];
  let title = { title: "", description: "" };
  const { ZipFile } = await import("yazl");
  const zip = new ZipFile();
  const space = new ArchiveSpace();
  for (const part of parts) {
    const prepared = prepare(part, secrets);
    const refused = typeof prepared === "string" ? prepared : space.take(part.name, prepared.bytes.length);
    if (typeof prepared === "string" || refused !== undefined) {
      if (part === notebook) throw new UsageError(`${file} cannot be bundled: ${refused}`);
      leftOut.push(`${part.name}: ${refused}`);
      continue;
    }
    const { bytes, modified } = prepared;
    zip.addBuffer(bytes, part.name, { mtime: modified, mode: 0o100644, compress: mayBePacked(bytes) });
    if (part === notebook) title = titleOf(part.name, bytes);
    files.push({ part, bytes: bytes.length, sha256: sha256(bytes), modified, about: aboutOf(part) });
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
function prepare(part: BundlePart, secrets: Secrets): Prepared | string {
  const redacted: FoundSecrets = new Map();
  if (part.path === undefined) return { bytes: Buffer.from(part.text ?? ""), modified: new Date(), redacted };
  let bytes: Buffer;
  const { size, mtime: modified } = statSync(part.path);
  if (size > MOST_FILE)
    return `it has ${Math.round(size / 1024 / 1024)} MB, more than a bundle takes: send it separately`;
  try {
    bytes = readFileSync(part.path);
  } catch (error) {
    return diskErrorText(error);
  }
  const refused = secretFile(part.path, bytes);
  if (refused !== undefined) return refused;
  if (part.role === "file" && bytes.subarray(0, 8000).includes(0)) return { bytes, modified, redacted };
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
  if (redacted.size === 0) return { bytes, modified, redacted };
  if (HASHED.has(part.role))
    return `it holds ${[...redacted.keys()].join(", ")}, which cannot be taken out of it${part.role === "recording" ? ": record again with --redact" : ""}`;
  const changed = Buffer.from(safe);
  return { bytes: part.name.endsWith(".gz") ? gzipSync(changed) : changed, modified, redacted };
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

/** What a lock or a recording is about, for its description. */
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
    const name = `${String(plan_name ?? "run")}${scan_id === undefined ? "" : ` #${scan_id}`}`;
    const end = run.stop?.time;
    const failed = run.stop?.exit_status !== "success";
    return [{ name, file, user: typeof user === "string" ? user : undefined, start: time, end, failed }];
  });
}

/** The first heading of a notebook that has no secrets any more, and the text below it. */
function titleOf(name: string, notebook: Buffer): { readonly title: string; readonly description: string } {
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
  const head = Buffer.alloc(2);
  const file = openSync(path, "r");
  readSync(file, head, 0, 2, 0);
  closeSync(file);
  if (head.toString("latin1") !== "PK") throw new UsageError(`${path} exists and is not a bundle: choose another file`);
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
