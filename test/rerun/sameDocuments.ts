/**
 * Compares documents of two runs of the same session, to the byte but for uids, and for the versions and the
 * origin of the program that ran.
 */

import type { Measured } from "./measurement";

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** The documents as text, with the uids numbered in the order in which they first appear. */
export function documentText({ documents }: Pick<Measured, "documents">): string {
  const uids = new Map<string, string>();
  const lines = documents.map(([name, doc]) => JSON.stringify([name, { ...doc, versions: 0, provenance: 0 }]));
  return lines.join("\n").replace(UID, (uid) => {
    const known = uids.get(uid) ?? `uid-${uids.size + 1}`;
    uids.set(uid, known);
    return known;
  });
}
