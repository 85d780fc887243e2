/** Unpacks a bundle from somebody else: nothing outside of its folder, nothing over a file that exists. */

import { createHash } from "node:crypto";
import { createWriteStream, existsSync, lstatSync, mkdirSync, openSync, rmdirSync, rmSync, statfsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { diskErrorText } from "../../lib/disk";
import { errorText, UsageError } from "../../lib/errors";
import { oneLine } from "../../lib/printable";
import { isPackedTooMuch, MOST_BYTES, MOST_FILES, MOST_TEXT } from "./archiveLimits";
import { CRATE_FILE } from "./crateMetadata";
import { entryProblem, sameFileName } from "./entryName";

/** The result of unpacking a bundle. */
export interface OpenedBundle {
  readonly folder: string;
  /** The path of the notebook in the folder; undefined if the archive does not say. */
  readonly notebook: string | undefined;
  /** The title of the notebook. */
  readonly title: string;
  /** All files with their descriptions. */
  readonly files: readonly { readonly name: string; readonly description: string }[];
  /** Files that are not as they were bundled. */
  readonly changed: readonly string[];
  readonly bytes: number;
}

/**
 * Unpacks an archive into a folder, which is made. Files that exist are never overwritten: then nothing is
 * unpacked.
 *
 * @throws UsageError, in one line, if the archive is no bundle, is damaged, or has an entry that is refused
 */
export async function openBundle(file: string, folder: string): Promise<OpenedBundle> {
  const zip = await openArchive(file);
  const made: string[] = [];
  try {
    const entries = await checkedEntries(zip, file);
    const described = entries.find(({ fileName }) => fileName === CRATE_FILE);
    if (!described) throw new UsageError(`${file} is not a bundle: it has no ${CRATE_FILE}`);
    const crate = crateOf(await contentOf(zip, described), file);
    const target = resolve(folder);
    for (const { fileName } of entries) refuseExisting(target, fileName);
    const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    refuseFullDisk(target, bytes);
    const changed: string[] = [];
    for (const entry of entries) {
      const path = join(target, entry.fileName);
      makeParents(dirname(path), made);
      const found = await unpack(zip, entry, path, made);
      const expected = crate.hashes.get(entry.fileName);
      if (expected !== undefined && expected !== found) changed.push(`${entry.fileName} is not as it was bundled`);
    }
    const present = new Set(entries.map(({ fileName }) => fileName));
    for (const name of crate.hashes.keys()) if (!present.has(name)) changed.push(`${name} is missing`);
    return { folder: target, ...crate, changed: changed.map((line) => oneLine(line, 200)), bytes };
  } catch (error) {
    removeMade(made);
    if (error instanceof UsageError) throw error;
    const { syscall } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} was not opened: ${syscall ? diskErrorText(error) : oneLine(errorText(error), 200)}`, {
      cause: error,
    });
  } finally {
    zip.close();
  }
}

async function openArchive(file: string): Promise<ZipFile> {
  const { openPromise } = await import("yauzl");
  try {
    return await openPromise(file, { autoClose: false, strictFileNames: true, validateEntrySizes: true });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = isMissing ? "there is no such file" : `it is not a zip archive (${oneLine(errorText(error), 100)})`;
    throw new UsageError(`cannot open the bundle ${file}: ${why}`, { cause: error });
  }
}

/** The entries that are files, all of them checked before the first is unpacked. */
async function checkedEntries(zip: ZipFile, file: string): Promise<Entry[]> {
  const refused = (name: string, why: string) =>
    new UsageError(`${file} was not opened: ${JSON.stringify(oneLine(name, 100))} is refused: ${why}`);
  if (zip.entryCount > MOST_FILES)
    throw new UsageError(`${file} was not opened: it has ${zip.entryCount} files, a bundle at most ${MOST_FILES}`);
  const entries: Entry[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize, compressedSize } = entry;
    const problem = entryProblem(fileName) ?? kindProblem(entry);
    if (problem !== undefined) throw refused(fileName, problem);
    if (fileName.endsWith("/")) continue;
    if (names.has(sameFileName(fileName))) throw refused(fileName, "another entry has the same name");
    names.add(sameFileName(fileName));
    bytes += uncompressedSize;
    if (fileName === CRATE_FILE && uncompressedSize > MOST_TEXT) throw refused(fileName, "it is too long");
    if (bytes > MOST_BYTES) throw refused(fileName, "the archive would unpack to more than 100 GB");
    if (isPackedTooMuch(uncompressedSize, compressedSize))
      throw refused(fileName, `it would unpack to ${Math.round(uncompressedSize / compressedSize)} times its size`);
    entries.push(entry);
  }
  for (const { fileName } of entries) {
    if (foldersOf(sameFileName(fileName)).some((folder) => names.has(folder)))
      throw refused(fileName, "a file and a folder have the same name");
  }
  return entries;
}

/** The folders above a file: `a` and `a/b` for `a/b/c`. */
function foldersOf(name: string): string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** Why an entry is not a plain file; undefined if it is one. */
function kindProblem(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return "it is encrypted";
  const system = entry.versionMadeBy >> 8;
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  const isPlain = kind === 0 || kind === 0o100000 || (kind === 0o040000 && entry.fileName.endsWith("/"));
  return system === 3 && !isPlain ? "it is a link or a device, not a file" : undefined;
}

async function contentOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of checked(zip, entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Writes an entry to a new file, and notes that. @returns its SHA-256 */
async function unpack(zip: ZipFile, entry: Entry, path: string, made: string[]): Promise<string> {
  const hash = createHash("sha256");
  const file = createWriteStream(path, { fd: openSync(path, "wx") });
  made.push(path);
  await pipeline(async function* () {
    for await (const chunk of checked(zip, entry)) {
      hash.update(chunk);
      yield chunk;
    }
  }, file);
  return hash.digest("hex");
}

/** The content of an entry, piece by piece. Throws at its end if it does not have the checksum. */
async function* checked(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer, void> {
  let checksum = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    checksum = crc32(chunk as Buffer, checksum);
    yield chunk as Buffer;
  }
  if (checksum !== entry.crc32 >>> 0) throw new Error(`${entry.fileName} is damaged: its checksum is wrong`);
}

/** @throws UsageError if the disk has no room for this many bytes */
function refuseFullDisk(folder: string, bytes: number): void {
  let above = folder;
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  const { bavail, bsize } = statfsSync(above);
  if (bytes <= bavail * bsize) return;
  const [needed, left] = [bytes, bavail * bsize].map((size) => (size / 1e9).toFixed(1));
  throw new UsageError(`the bundle needs ${needed} GB, and the disk has ${left} GB: nothing was unpacked`);
}

/** The entries about files in the description of the archive. */
function crateOf(json: Buffer, file: string) {
  let graph: unknown;
  try {
    graph = (JSON.parse(json.toString("utf8")) as { readonly "@graph"?: unknown } | null)?.["@graph"];
  } catch {
    throw new UsageError(`${file} is not a bundle: its ${CRATE_FILE} is damaged`);
  }
  if (!Array.isArray(graph)) throw new UsageError(`${file} is not a bundle: its ${CRATE_FILE} describes nothing`);
  const entities = graph.filter(
    (entity): entity is Record<string, unknown> => typeof entity === "object" && entity !== null,
  );
  const root = entities.find((entity) => entity["@id"] === "./");
  const main = (root?.mainEntity as { readonly "@id"?: unknown } | undefined)?.["@id"];
  const hashes = new Map<string, string>();
  const files: { readonly name: string; readonly description: string }[] = [];
  for (const { "@id": id, "@type": type, sha256: hash, description } of entities) {
    if (typeof id !== "string" || ![type].flat().includes("File")) continue;
    const name = nameOf(id);
    if (typeof hash === "string") hashes.set(name, hash);
    files.push({ name: oneLine(name, 200), description: oneLine(String(description ?? ""), 200) });
  }
  const notebook = typeof main === "string" && entryProblem(nameOf(main)) === undefined ? nameOf(main) : undefined;
  return { notebook, title: oneLine(String(root?.name ?? ""), 100), hashes, files };
}

function nameOf(id: string): string {
  try {
    return id.split("/").map(decodeURIComponent).join("/");
  } catch {
    return id;
  }
}

/** @throws UsageError if a file exists, or something other than a folder stands above it */
function refuseExisting(folder: string, name: string): void {
  const parts = name.split("/");
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const path = join(folder, ...parts.slice(0, depth));
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return;
    if (depth === 0 && found.isDirectory()) continue;
    if (depth === parts.length) throw new UsageError(`${path} exists: nothing was unpacked. Name another folder`);
    if (!found.isDirectory())
      throw new UsageError(`${path} is not a folder: nothing was unpacked. Name another folder`);
  }
}

/** Makes a folder and those above it, and notes them. */
function makeParents(path: string, made: string[]): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeParents(dirname(path), made);
  mkdirSync(path);
  made.push(`${path}/`);
}

/** Removes what was unpacked before something failed. */
function removeMade(made: readonly string[]): void {
  for (const path of [...made].reverse()) {
    try {
      if (path.endsWith("/")) rmdirSync(path);
      else rmSync(path, { force: true });
    } catch {
      // Somebody put a file of their own into it.
    }
  }
}
