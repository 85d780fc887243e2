/** A run that is read from its file. */

import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { MimeBundle } from "../../display/bundle";
import { $display } from "../../display/bundle";
import type { Document, RunStart, RunStop } from "../../engine/documents/documents";
import { RunRecord } from "../../engine/result/runRecord";
import { UsageError } from "../../errors";
import { fastColumn } from "../reading/fastColumn";
import { readEnds } from "../reading/fileEnds";
import { type Damage, noDamage, readDocuments, readLine } from "../reading/readDocuments";
import { damageText, RunData } from "./runData";

/** Bytes of a file that a display reads as a whole, at most. */
const DISPLAYED = 1 << 23;
/** Rows in a display. */
const HEAD_ROWS = 5;

/** A run in a file. */
export class StoredRun extends RunData {
  /** The path of the file. */
  readonly path: string;
  #stop: RunStop | undefined;

  constructor(path: string, start: RunStart, stop?: RunStop) {
    super(start);
    this.path = path;
    this.#stop = stop;
  }

  /** Reads the ends of the file; `undefined` if it is not a run. Throws if the file cannot be read. */
  static open(path: string): StoredRun | undefined {
    const { start, stop, problem, size } = readEnds(path);
    if (size < 0) throw new UsageError(`cannot read ${path}: ${problem}`);
    return start && new StoredRun(path, start, stop);
  }

  override get stop(): RunStop | undefined {
    this.#stop ??= readEnds(this.path).stop;
    return this.#stop;
  }

  override documents(damage: Damage = noDamage()): AsyncGenerator<Document, void, undefined> {
    return readDocuments(this.path, damage, this.start);
  }

  override async column(key: string, stream = "primary"): Promise<Float64Array> {
    const isNumber = !["seq_num", "time"].includes(key);
    const column = isNumber ? await fastColumn(this.path, stream, key) : undefined;
    return column ?? (await this.table(stream)).numbers(key);
  }

  override [$display](): MimeBundle {
    const record = new RunRecord();
    const damage = noDamage();
    try {
      if (statSync(this.path).size > DISPLAYED) return this.bundle([], []);
      for (const [i, line] of readFileSync(this.path, "utf8").split("\n").entries()) {
        const { document, problem } = readLine(line);
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
    const blocks = table ? [table.excerpt(HEAD_ROWS)] : [];
    return this.bundle(damage.lines > 0 ? [damageText(damage)] : [], blocks);
  }

  protected override get place(): string {
    return basename(this.path);
  }
}
