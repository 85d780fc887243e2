/** Checks of the documents of runs, and searches in them. */

import { expect } from "chai";
import type { Document, Event, RunStop } from "../../lib/engine/documents/documents";
import { peersPython, repository, runProgram } from "../peers/peers";

/** The events of a stream, in the order in which they were emitted. */
export const eventsOf = (documents: readonly Document[], stream: string): Event[] => {
  const uids = documents.flatMap(({ name, doc }) => (name === "descriptor" && doc.name === stream ? [doc.uid] : []));
  return documents.flatMap(({ name, doc }) => (name === "event" && uids.includes(doc.descriptor) ? [doc] : []));
};

/** The stop documents. */
export const stopsOf = (documents: readonly Document[]): RunStop[] =>
  documents.flatMap(({ name, doc }) => (name === "stop" ? [doc] : []));

/** The start documents, with their name. */
export const startsOf = (documents: readonly Document[]) => documents.filter(({ name }) => name === "start");

/** Checks numbers and order of documents, as consumers rely on them, also after rewinds. */
export function expectRightDocuments(documents: readonly Document[]): void {
  for (const stop of stopsOf(documents)) {
    for (const [stream, count] of Object.entries(stop.num_events)) {
      const seqNums = eventsOf(documents, stream).map((event) => event.seq_num);
      expect(new Set(seqNums).size, `num_events of ${stream}`).to.equal(count);
      let highest = 0;
      for (const seqNum of seqNums) {
        expect(seqNum, `seq_num of ${stream}`).to.be.within(1, highest + 1);
        highest = Math.max(highest, seqNum);
      }
    }
  }
  const last = documents.findIndex(({ name }) => name === "stop");
  expect(last === -1 || last === documents.length - 1, "nothing after stop").to.equal(true);
}

/** Checks documents with the schemas of Python's event-model. */
export async function expectValid(documents: readonly Document[]): Promise<void> {
  const input = JSON.stringify({ case: documents.map(({ name, doc }) => [name, doc]) });
  const script =
    "import sys, json, event_model as em\nfor n, d in json.load(sys.stdin)['case']: em.schema_validators[em.DocumentNames[n]].validate(d)";
  const { code, stderr } = await runProgram(peersPython(), ["-c", script], { input, cwd: repository });
  expect(code, stderr).to.equal(0);
}

/** One document of each shape, since uids and numbers of one kind are the same to a schema. */
export function differentShapes(documents: readonly Document[]): Document[] {
  const shapes = new Map<string, Document>();
  const blur = (_: string, value: unknown): unknown => {
    if (typeof value === "number") return Number.isInteger(value) ? Math.sign(value) : 0.5;
    return typeof value === "string" ? value.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "uid") : value;
  };
  for (const document of documents) shapes.set(JSON.stringify(document, blur), document);
  return [...shapes.values()];
}
