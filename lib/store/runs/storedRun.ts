/** A run that is read from its file. */

import { readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { currentHost } from "../../display/host";
import { type Html, html } from "../../display/html";
import type { MimeBundle } from "../../display/mimeBundle";
import { $display } from "../../display/mimeBundle";
import type { Document, RunStart, RunStop } from "../../engine/documents/documents";
import { RunRecord } from "../../engine/result/runRecord";
import { runViews } from "../../engine/result/runViews";
import { UsageError } from "../../errors";
import { descriptionsOf } from "../files/nodeDescriptions";
import { fastColumn } from "../reading/fastColumn";
import { readEnds } from "../reading/fileEnds";
import { type Damage, noDamage, readDocuments, readLine } from "../reading/readDocuments";
import { damageText, RunData } from "./runData";

/** The most bytes of a file that a display reads as a whole. */
const DISPLAYED = 1 << 23;
/** Rows in a display. */
const HEAD_ROWS = 5;

/** A run in a file. */
export class StoredRun extends RunData {
  /** The path of the file. */
  readonly path: string;
  readonly #dir: string;
  #stop: RunStop | undefined;

  /** @param dir the folder of the runs, as it was given to `openRuns`; default that of the file */
  constructor(path: string, start: RunStart, stop?: RunStop, dir = dirname(path)) {
    super(start);
    this.path = path;
    this.#dir = dir;
    this.#stop = stop;
  }

  /** Reads the ends of the file; `undefined` if it is not a run. Throws if the file cannot be read. */
  static open(path: string): StoredRun | undefined {
    const { start, stop, problem, size } = readEnds(path);
    if (size < 0) throw new UsageError(`cannot read ${path}: ${problem}`);
    return start && new StoredRun(path, start, stop);
  }

  /** The stop document; `undefined` if the run has none. */
  override get stop(): RunStop | undefined {
    this.#stop ??= readEnds(this.path).stop;
    return this.#stop;
  }

  protected override get folder(): string {
    return dirname(this.path);
  }

  override documents(damage: Damage = noDamage()): AsyncGenerator<Document, void, undefined> {
    return readDocuments(this.path, damage, this.start);
  }

  /**
   * The descriptions of its SEC nodes as JSON texts, by the names of their devices, as far as they were kept.
   */
  nodeDescriptions(): ReadonlyMap<string, string> {
    return descriptionsOf(this.path, this.start);
  }

  override async column(key: string, stream = "primary"): Promise<Float64Array> {
    const isNumber = !["seq_num", "time"].includes(key);
    const column = isNumber ? await fastColumn(this.path, stream, key) : undefined;
    return column ?? (await this.table(stream)).numbers(key);
  }

  override async [$display](): Promise<MimeBundle> {
    const record = new RunRecord();
    const damage = noDamage();
    const documents: Document[] = [];
    try {
      if (statSync(this.path).size > DISPLAYED) return this.bundle([], []);
      for (const [i, line] of readFileSync(this.path, "utf8").split("\n").entries()) {
        const { document, problem } = readLine(line);
        if (document) documents.push(document);
        if (document) record.add(document.name, document.doc);
        if (problem === undefined) continue;
        damage.lines += 1;
        damage.first ??= `line ${i + 1}: ${problem}`;
      }
    } catch {
      return this.bundle(["the file cannot be read any more"], []);
    }
    const tables = record.runs.flatMap(({ tables }) => [...tables.values()]);
    const table = tables.find(({ stream }) => stream === "primary") ?? tables[0];
    const picture = table && table.length > 1 ? await pictureOf(documents) : undefined;
    const blocks = [...(table ? [table.excerpt(HEAD_ROWS)] : []), ...(picture ? [picture] : [])];
    return this.bundle(damage.lines > 0 ? [damageText(damage)] : [], blocks);
  }

  protected override get opener(): string {
    return `${folderOpener(this.#dir)}.get(${JSON.stringify(this.uid.slice(0, 8))})`;
  }

  protected override get place(): string {
    return basename(this.path);
  }
}

/** Code that opens a folder of runs. */
export const folderOpener = (dir: string): string => `openRuns(${dir === "runs" ? "" : JSON.stringify(dir)})`;

/** The plot of a run as a picture, for a notebook; undefined if there is nothing to plot. */
async function pictureOf(documents: readonly Document[]): Promise<{ text: string; html: Html } | undefined> {
  if (!currentHost().rich) return undefined;
  try {
    const bundle = await runViews()
      .plot([() => documents], {})
      [$display]();
    const png = bundle["image/png"];
    if (typeof png !== "string") return undefined;
    const text = bundle["text/plain"];
    return { text, html: html`<img alt="${text}" src="data:image/png;base64,${png}" style="max-width:100%">` };
  } catch {
    // No number to plot, damaged documents, or the views are not loaded: the display has the table.
    return undefined;
  }
}
