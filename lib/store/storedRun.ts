/** A run that is read from its file. */

import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { $display, type Displayable, type MimeBundle } from "../display/bundle";
import { codeChip } from "../display/codeChip";
import { type Definition, definitionList, definitionText } from "../display/definitionList";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { muted } from "../display/muted";
import { formatDateTime, formatDuration } from "../display/time";
import type { Document, RunStart, RunStop } from "../engine/documents/documents";
import { RunRecord } from "../engine/result/runRecord";
import type { RunTable } from "../engine/result/runTable";
import { parseDocumentLine } from "./documentLine";
import { statusOf } from "./runStatus";

/** Bytes that the first line may have. */
const FIRST_LINE_MOST = 1 << 22;
/** Bytes at the end of the file among which the last line is searched. */
const TAIL = 1 << 16;

/** A run in a file. The file is read when its content is needed, and as a stream if it can be large. */
export class StoredRun implements Displayable {
  /** The path of the file. */
  readonly path: string;
  readonly start: RunStart;

  private constructor(path: string, start: RunStart) {
    this.path = path;
    this.start = start;
  }

  /** Reads the first line; `undefined` if it is not a start document. Throws if the file cannot be read. */
  static open(path: string): StoredRun | undefined {
    const document = parseDocumentLine(firstLine(path));
    return document?.name === "start" ? new StoredRun(path, document.doc) : undefined;
  }

  get uid(): string {
    return this.start.uid;
  }

  get scanId(): number | undefined {
    return this.start.scan_id;
  }

  /** The stop document; `undefined` while the run goes on, and if its process was killed. */
  get stop(): RunStop | undefined {
    const document = parseDocumentLine(lastLine(this.path));
    return document?.name === "stop" ? document.doc : undefined;
  }

  /** All documents in their order. An incomplete last line is left out. */
  async *documents(): AsyncGenerator<Document, void, undefined> {
    let rest = "";
    for await (const chunk of createReadStream(this.path, { encoding: "utf8", highWaterMark: 1 << 18 })) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const document = parseDocumentLine(line);
        if (document) yield document;
      }
    }
    const document = parseDocumentLine(rest);
    if (document) yield document;
  }

  /** The data of a stream, default `primary`. Rejects with the names of the streams if it does not exist. */
  async table(stream = "primary"): Promise<RunTable> {
    const record = new RunRecord();
    for await (const { name, doc } of this.documents()) record.add(name, doc);
    return record.table(stream);
  }

  /** A stream as comma-separated text with a heading line, default `primary`. */
  async toCsv(stream = "primary"): Promise<string> {
    return (await this.table(stream)).toCsv();
  }

  [$display](): MimeBundle {
    const { start, stop } = this;
    const events = Object.entries(stop?.num_events ?? {}).map(([name, count]) => `${name} (${count})`);
    const head = {
      title: `Run ${start.uid.slice(0, 8)}`,
      status: statusOf(stop),
      facts: [
        typeof start.plan_name === "string" ? start.plan_name : undefined,
        start.scan_id === undefined ? undefined : `#${start.scan_id}`,
        formatDateTime(start.time),
        stop && formatDuration(stop.time - start.time),
        basename(this.path),
      ],
    };
    const definitions = [
      ["detectors", names(start.detectors)],
      ["motors", names(start.motors)],
      ["streams", events.join(", ")],
      ["reason", stop?.reason ?? ""],
    ].filter((definition): definition is [string, string] & Definition => definition[1] !== "");
    const next = "await run.table()";
    return displayBundle(
      [headerText(head), definitionText(definitions), next].filter(Boolean).join("\n"),
      header(head),
      definitionList(definitions),
      muted("the data: ", codeChip(next)),
    );
  }
}

function names(value: unknown): string {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").join(", ") : "";
}

function firstLine(path: string): string {
  const file = openSync(path, "r");
  try {
    let bytes = Buffer.alloc(0);
    while (bytes.length < FIRST_LINE_MOST) {
      const more = Buffer.alloc(Math.max(4096, bytes.length));
      const got = readSync(file, more, 0, more.length, bytes.length);
      bytes = Buffer.concat([bytes, more.subarray(0, got)]);
      const end = bytes.indexOf("\n");
      if (end >= 0) return bytes.toString("utf8", 0, end);
      if (got === 0) break;
    }
    return bytes.toString("utf8");
  } finally {
    closeSync(file);
  }
}

function lastLine(path: string): string {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(TAIL, size));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString("utf8").trimEnd();
    return text.slice(text.lastIndexOf("\n") + 1);
  } finally {
    closeSync(file);
  }
}
