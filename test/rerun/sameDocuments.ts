/**
 * Compares documents of two runs of the same session, to the byte but for uids, and for the versions and the
 * origin of the program that ran.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Measured } from "./measurement";

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** The documents of the runs in a folder, in the order in which they were written. */
export function documentsIn(folder: string): Measured["documents"] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^\d{4}.*\.jsonl$/.test(file),
  );
  return files
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line))
    .map(({ name, doc }) => [name, doc] as const);
}

/** The documents as text, one a line, with the uids numbered in the order in which they first appear. */
export function documentText({ documents }: Pick<Measured, "documents">): string {
  const uids = new Map<string, string>();
  const lines = documents.map(([name, doc]) => JSON.stringify([name, { ...doc, versions: 0, provenance: 0 }]));
  return lines.join("\n").replace(UID, (uid) => {
    const known = uids.get(uid) ?? `uid-${uids.size + 1}`;
    uids.set(uid, known);
    return known;
  });
}

/** Fails with the first two documents that differ, since a difference of all of them says nothing. */
export function expectSameDocuments(found: string, expected: string): void {
  const [lines, right] = [found.split("\n"), expected.split("\n")];
  const first = right.findIndex((line, i) => line !== lines[i]);
  if (first >= 0) expect(lines[first], `document ${first} of ${right.length}`).to.equal(right[first]);
  expect(lines.length, "the number of documents").to.equal(right.length);
}
