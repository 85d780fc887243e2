/** Reads the documents of a run file, and whatever a damaged one still holds. */

import { createReadStream } from "node:fs";
import type { Document, RunStart } from "../../engine/documents/documents";
import { parseDocumentLine } from "../files/documentLine";

/** A line longer than this is not read, since a document never is: characters. */
const LONGEST_LINE = 1 << 28;

/** Levels of a value that are read; our writer stops much earlier. */
const MOST_LEVELS = 500;

/** What is wrong with a file: how many lines, and the first problem in words. */
export interface Damage {
  lines: number;
  first: string | undefined;
}

export function noDamage(): Damage {
  return { lines: 0, first: undefined };
}

/**
 * All documents of a file in their order. Lines that cannot be read are counted in `damage`; of a line that
 * begins or ends in garbage, the document in it is read. An incomplete last line is not damage: the file is
 * being written, or its process was killed.
 *
 * @param start stands in for a start document that is lost
 */
export async function* readDocuments(
  path: string,
  damage: Damage = noDamage(),
  start?: RunStart,
): AsyncGenerator<Document, void> {
  let isStarted = start === undefined;
  const descriptors = new Set<string>();
  for await (const documents of documentsOf(path, damage))
    for (const document of documents) {
      if (document.name === "start") {
        // Of a second run in the same file nothing is read: each run has a file of its own.
        if (isStarted && start !== undefined) return;
        isStarted = true;
      } else if (!isStarted && start !== undefined) {
        isStarted = true;
        yield { name: "start", doc: start };
      }
      const { name, doc } = document;
      if (name === "descriptor") descriptors.add(doc.uid);
      if ((name === "event" || name === "event_page") && !descriptors.has(doc.descriptor)) {
        note(damage, "an event of an unknown descriptor");
        continue;
      }
      yield document;
    }
}

/** All documents, those of one piece of the file together: waiting for each alone would take longer. */
async function* documentsOf(path: string, damage: Damage): AsyncGenerator<Document[], void> {
  // The pieces of a line that is longer than what is read at once.
  let pieces: string[] = [];
  let length = 0;
  let number = 0;
  let skipping = false;
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 })) {
    pieces.push(chunk);
    length += chunk.length;
    if (chunk.includes("\n")) {
      const lines = pieces.join("").split("\n");
      const last = lines.pop() ?? "";
      [pieces, length] = [[last], last.length];
      const documents: Document[] = [];
      for (const line of lines) {
        number += 1;
        const document = skipping ? undefined : documentIn(line, number, damage);
        if (document) documents.push(document);
        skipping = false;
      }
      yield documents;
    }
    if (length <= LONGEST_LINE) continue;
    if (!skipping) note(damage, `line ${number + 1} is too long`);
    skipping = true;
    [pieces, length] = [[], 0];
  }
  if (skipping) return;
  const { document, problem } = readLine(pieces.join(""));
  if (document && problem !== undefined) note(damage, `line ${number + 1}: ${problem}`);
  if (document) yield [document];
}

function documentIn(line: string, number: number, damage: Damage): Document | undefined {
  const { document, problem } = readLine(line);
  if (problem !== undefined) note(damage, `line ${number}: ${problem}`);
  return document;
}

function note(damage: Damage, problem: string): void {
  damage.lines += 1;
  damage.first ??= problem;
}

/** A line as it was read: its document if it has one, and what is wrong with it. */
export interface ReadLine {
  readonly document?: Document;
  readonly problem?: string;
}

/** How a document begins in a line of ours and of Python. */
const BEGINNING = /\{\s*"name"\s*:\s*"/g;

export function readLine(line: string): ReadLine {
  if (line === "" || /^\s*$/.test(line)) return {};
  const document = parseDocumentLine(line);
  if (document) return checked(document, line);
  // A document after NULs, a mark of the encoding or an incomplete line; or before them.
  const text = line.replaceAll("\0", "").replaceAll("\ufeff", "");
  if (text === "") return { problem: "only NULs" };
  const starts = [...text.matchAll(BEGINNING)].map(({ index }) => index);
  for (const start of starts.slice(0, 100)) {
    const rest = text.slice(start);
    const found = parseDocumentLine(rest);
    if (!found) continue;
    const { document: good, problem } = checked(found, rest);
    const isMark = start === 0 && line.replaceAll("\ufeff", "") === text;
    return { ...(good && { document: good }), ...(!isMark && { problem: problem ?? "garbage beside a document" }) };
  }
  return { problem: "not a document" };
}

/** Refuses documents without what a reader needs, and mends a uid that is a number. */
function checked(document: Document, text: string): ReadLine {
  const doc = document.doc as unknown as Record<string, unknown>;
  // Each level has two brackets, so no short line is nested too deep: most events need not be searched, which
  // would take a third of the time in which they are parsed.
  if (text.length > 2 * MOST_LEVELS && isDeeper(doc, MOST_LEVELS))
    return { problem: `the ${document.name} is nested more than ${MOST_LEVELS} deep` };
  const problem = problemOf(document.name, doc);
  if (problem === undefined) return { document };
  if (problem !== NUMBER_UID) return { problem };
  const mended = { ...doc };
  for (const key of ["uid", "run_start", "descriptor"])
    if (typeof doc[key] === "number") mended[key] = String(doc[key]);
  const again = problemOf(document.name, mended);
  if (again !== undefined) return { problem: again };
  // The cast returns the type that the document had.
  return { document: { name: document.name, doc: mended } as unknown as Document, problem };
}

const NUMBER_UID = "a uid that is a number";

function problemOf(name: Document["name"], doc: Record<string, unknown>): string | undefined {
  if (Array.isArray(doc)) return `the ${name} is a list`;
  for (const key of ["uid", "run_start", "descriptor"]) if (typeof doc[key] === "number") return NUMBER_UID;
  switch (name) {
    case "start":
      if (!isText(doc.uid)) return "a start without a uid";
      return typeof doc.time === "number" ? undefined : "a start without a time";
    case "descriptor":
      if (!isText(doc.uid) || !isText(doc.name)) return "a descriptor without uid and name";
      return isRecordOfRecords(doc.data_keys) ? undefined : "a descriptor without data keys";
    case "event":
      if (!isText(doc.descriptor)) return "an event without a descriptor";
      if (!Number.isSafeInteger(doc.seq_num) || (doc.seq_num as number) < 1) return "an event without a number";
      return isRecord(doc.data) ? undefined : "an event without data";
    case "event_page":
      if (!isText(doc.descriptor) || !Array.isArray(doc.seq_num)) return "a page without descriptor and numbers";
      return isRecord(doc.data) && Array.isArray(doc.time) ? undefined : "a page without data";
    case "stop":
      return isText(doc.run_start) ? undefined : "a stop without the uid of its run";
    default:
      return undefined;
  }
}

/** Whether a value is nested deeper than that: code that walks through it could end the process. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const item of Object.values(value))
    if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true;
  return false;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isRecordOfRecords = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isRecord);

/**
 * The start of a run whose start document is lost, from a document that names the run; undefined for others.
 */
export function replacedStart({ name, doc }: Document): RunStart | undefined {
  if (name === "descriptor" && isText(doc.run_start)) return { uid: doc.run_start, time: Number(doc.time) };
  if (name === "stop") return { uid: doc.run_start, time: Number(doc.time) };
  return undefined;
}
