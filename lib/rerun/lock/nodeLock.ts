/** The lock of a node: its description in a file beside the notebook, for comparison at later connections. */

import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { timeNow } from "../../clock";
import { diskErrorText, makeFolder, replaceFile } from "../../disk";
import { errorText, UsageError } from "../../errors";
import { withoutByteOrderMark } from "../../json";
import { oneLine } from "../../printable";
import { descriptionHash } from "../../secop/description/descriptionHash";
import { parseUri } from "../../secop/wire/uri";
import { prettyJson } from "../format/descriptionText";

/** The content of the file of a lock. */
export interface NodeLock {
  /** The address of the node when it was locked. */
  readonly uri: string;
  readonly equipmentId: string;
  /** The day on which it was locked, such as `2026-11-30`. */
  readonly locked: string;
  /** The SHA-256 of the description, as start documents of runs name it. */
  readonly descriptionSha256: string;
  /** The description, as the node sent it. */
  readonly description: unknown;
}

/** A node that is to be locked, as it is now. */
export interface LockedNode {
  readonly uri: string;
  readonly description: { readonly equipment_id: string; readonly raw: unknown };
}

const FORMAT = 1;

/**
 * Reads a lock; undefined if there is none.
 *
 * @throws UsageError, in one line, if the file cannot be read, is not a lock, or was edited by hand
 */
export function readNodeLock(path: string): NodeLock | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`cannot read the lock ${path}: ${diskErrorText(error)}`, { cause: error });
  }
  const lock = parsed(text, basename(path));
  const hash = descriptionHash(lock.description);
  if (hash !== lock.descriptionSha256)
    throw new UsageError(`${basename(path)} is damaged: its description does not have the hash that it names`);
  return lock;
}

function parsed(text: string, name: string): NodeLock {
  let json: Partial<Record<string, unknown>>;
  try {
    json = (JSON.parse(withoutByteOrderMark(text)) ?? {}) as Partial<Record<string, unknown>>;
  } catch (error) {
    throw new UsageError(`${name} is damaged: ${oneLine(errorText(error))}`, { cause: error });
  }
  const { secop_lab_lock: format, description, description_sha256, uri, equipment_id, locked } = json;
  if (typeof format === "number" && format > FORMAT)
    throw new UsageError(`${name} is a lock of format ${format}: this version reads format ${FORMAT}`);
  if (format !== FORMAT || typeof description !== "object" || description === null || Array.isArray(description))
    throw new UsageError(`${name} is not the lock of a node`);
  const texts = [uri, equipment_id, locked, description_sha256];
  const [address, equipmentId, day, descriptionSha256] = texts.map((value) => (typeof value === "string" ? value : ""));
  return {
    uri: oneLine(address ?? ""),
    equipmentId: equipmentId ?? "",
    locked: oneLine(day ?? "", 20),
    descriptionSha256: descriptionSha256 ?? "",
    description,
  };
}

/**
 * Writes the lock of a node as it is now. The address is written without a password or query.
 *
 * @throws UsageError, in one line, if it cannot be written
 */
export function writeNodeLock(path: string, { uri, description }: LockedNode): void {
  const head = {
    secop_lab_lock: FORMAT,
    uri: publicUri(uri),
    equipment_id: description.equipment_id,
    locked: new Date(1000 * timeNow()).toISOString().slice(0, 10),
    description_sha256: descriptionHash(description.raw),
  };
  const json = JSON.stringify({ ...head, description: description.raw });
  try {
    makeFolder(dirname(path));
    replaceFile(path, prettyJson(json));
  } catch (error) {
    throw new UsageError(`cannot write the lock ${path}: ${diskErrorText(error)}`, { cause: error });
  }
}

/** The address as `parseUri` reads it, without what comes after the path. */
function publicUri(uri: string): string {
  try {
    return parseUri(uri).text.replace(/[?#].*$/s, "");
  } catch {
    return "";
  }
}
