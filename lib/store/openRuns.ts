/** The runs in a folder: listed, searched and displayed. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { $display, type Displayable, type MimeBundle } from "../display/bundle";
import { codeChip } from "../display/codeChip";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { muted } from "../display/muted";
import { oneLine } from "../display/printable";
import { statusDot } from "../display/statusDot";
import { htmlTable, type TableColumn, textTable } from "../display/table";
import { formatDateTime, formatDuration } from "../display/time";
import { UsageError } from "../errors";
import { statusOf } from "./runStatus";
import { StoredRun } from "./storedRun";

/** Runs in the display, at most. */
const SHOWN = 20;

/**
 * The runs kept in a folder, newest first. Files are read only when they are needed, so that thousands of
 * runs cost little.
 */
export class Runs implements Iterable<StoredRun>, Displayable {
  /** The folder, as given to `openRuns`. */
  readonly dir: string;
  readonly #paths: readonly string[];

  /** @throws UsageError if the folder cannot be read. */
  constructor(dir: string) {
    this.dir = dir;
    this.#paths = [...pathsIn(dir)];
  }

  /** The number of files. */
  get length(): number {
    return this.#paths.length;
  }

  *[Symbol.iterator](): Generator<StoredRun, void, undefined> {
    for (const path of this.#paths) {
      const run = StoredRun.open(path);
      if (run) yield run;
    }
  }

  /** The newest `limit` runs, newest first. Default: all. */
  list(limit = Number.POSITIVE_INFINITY): StoredRun[] {
    const runs: StoredRun[] = [];
    for (const run of this) {
      if (runs.length >= limit) break;
      runs.push(run);
    }
    return runs;
  }

  /** The newest run. @throws UsageError if there is none. */
  latest(): StoredRun {
    const [run] = this.list(1);
    if (!run) throw new UsageError(`there are no runs in ${this.dir}`);
    return run;
  }

  /**
   * A run by its scan_id (the newest one that has it), its uid or the beginning of its uid. @throws
   * UsageError if there is none.
   */
  get(which: number | string): StoredRun {
    for (const run of this) {
      if (typeof which === "number" ? run.scanId === which : run.uid.startsWith(which)) return run;
    }
    throw new UsageError(
      `no run ${typeof which === "number" ? `#${which}` : which} among the ${this.length} in ${this.dir}`,
    );
  }

  [$display](): MimeBundle {
    const runs = this.list(SHOWN);
    const head = { title: "Runs", facts: [this.dir, `${this.length} run${this.length === 1 ? "" : "s"}`] };
    const cells = runs.map(cellsOf);
    const more = runs.length < this.length ? `the newest ${runs.length} of ${this.length} · ` : "";
    const [newest] = runs;
    const next = newest
      ? `await runs.get(${newest.scanId ?? JSON.stringify(newest.uid.slice(0, 8))}).table()`
      : "await RE(plan)";
    const hint = newest ? "one by its number or uid" : "none yet, make one";
    const rows = cells.map((row, i) => {
      const status = statusOf(runs[i]?.stop);
      return row.map((cell, column) => (COLUMNS[column]?.title === "status" ? statusDot(status.state, cell) : cell));
    });
    return displayBundle(
      [headerText(head), textTable(COLUMNS, cells), `${more}${hint}: ${next}`].join("\n"),
      header(head),
      htmlTable(COLUMNS, rows),
      muted(`${more}${hint}: `, codeChip(next)),
    );
  }
}

/**
 * The runs in a folder of run files, which `createRunEngine` writes. Default: `runs` in the working
 * directory.
 *
 * @throws UsageError if the folder cannot be read.
 */
export function openRuns(dir = "runs"): Runs {
  return new Runs(dir);
}

const COLUMNS: readonly TableColumn[] = [
  { title: "#" },
  { title: "uid", align: "left" },
  { title: "started", align: "left", mute: true },
  { title: "plan", align: "left" },
  { title: "motors", align: "left" },
  { title: "detectors", align: "left" },
  { title: "events" },
  { title: "took", mute: true },
  { title: "status", align: "left" },
];

function cellsOf(run: StoredRun): string[] {
  const { start, stop } = run;
  const { primary } = stop?.num_events ?? {};
  return [
    String(start.scan_id ?? ""),
    start.uid.slice(0, 8),
    formatDateTime(start.time),
    typeof start.plan_name === "string" ? start.plan_name : "",
    oneLine(listed(start.motors), 24),
    oneLine(listed(start.detectors), 24),
    primary === undefined ? "" : String(primary),
    stop ? formatDuration(stop.time - start.time) : "",
    statusOf(stop).word,
  ];
}

const listed = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : "");

/** The run files in `dir/YYYY/MM/DD/`, newest first. */
function* pathsIn(dir: string): Generator<string, void, undefined> {
  let years: string[];
  try {
    years = entries(dir, /^\d{4}$/);
  } catch (error) {
    throw new UsageError(`cannot read the runs in ${dir}: does the folder exist?`, { cause: error });
  }
  for (const year of years) {
    for (const month of entries(join(dir, year), /^\d\d$/)) {
      for (const day of entries(join(dir, year, month), /^\d\d$/)) {
        for (const file of entries(join(dir, year, month, day), /\.jsonl$/)) yield join(dir, year, month, day, file);
      }
    }
  }
}

function entries(dir: string, pattern: RegExp): string[] {
  return readdirSync(dir)
    .filter((name) => pattern.test(name))
    .sort()
    .reverse();
}
