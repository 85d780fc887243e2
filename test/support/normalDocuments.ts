/** Documents in a form that is the same for our engine and bluesky's. */

import { tidyMetadata } from "./compareWithBluesky";

export type PlainDocument = [name: string, doc: Record<string, unknown>];

/**
 * Removes what may differ: uids, times and versions; the name of a plan that has no name of its own, since
 * generators of JavaScript do not know theirs; numbers of interruptions after a rewind, which bluesky counts
 * back.
 */
export function normalDocuments(list: readonly PlainDocument[]): unknown[] {
  const uids = new Map<string, string>();
  const interruptions = new Set<unknown>();
  const replace = (value: unknown, key = ""): unknown => {
    if (key === "time" || key === "timestamp") return 0;
    if (typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value)) {
      if (!uids.has(value)) uids.set(value, `uid ${uids.size + 1}`);
      return uids.get(value);
    }
    if (Array.isArray(value)) return value.map((item) => replace(item, key));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    if (key === "timestamps") return Object.fromEntries(entries.map(([name]) => [name, 0]));
    return Object.fromEntries(entries.map(([name, item]) => [name, replace(item, name)]));
  };
  return list.map(([name, doc]) => {
    const plain = { ...doc };
    if (name === "start") {
      delete plain.versions;
      if (!("plan_args" in plain)) delete plain.plan_name;
      tidyMetadata(plain);
    }
    if (name === "descriptor") {
      delete plain.object_classes;
      if (plain.name === "interruptions") interruptions.add(plain.uid);
    }
    if (interruptions.has(plain.descriptor)) plain.seq_num = 0;
    if (name === "stop") plain.num_events = { ...(plain.num_events as object), interruptions: 0 };
    const order = { uid: plain.uid, run_start: plain.run_start, descriptor: plain.descriptor };
    return [name, replace({ ...order, ...plain })];
  });
}
