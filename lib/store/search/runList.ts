/** A list of runs, as a search gives it: an array that a cell shows as a table. */

import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import { counted } from "../../display/number";
import { statusDot } from "../../display/statusDot";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { formatDateTime, formatDuration } from "../../display/time";
import type { RunStart } from "../../engine/documents/documents";
import { documentedEnd } from "../../engine/result/runEnd";
import type { ExportOptions } from "../../engine/result/runExports";
import { oneLine } from "../../printable";
import { exportRuns } from "../export/exportRuns";
import type { RunSource } from "../export/runSource";

/** The most runs in a display. */
const SHOWN = 20;

/** The parts of a run that a list needs. */
export type ListedRun = RunSource;

/** Runs as an array that a cell shows as a table. */
export class RunList<R extends ListedRun> extends Array<R> implements Displayable {
  #codeOf: (which: string) => string = (which) => `await openRuns().get(${which}).table()`;

  #whyEmpty: () => string | undefined = () => undefined;

  /** @internal A list of these runs, of which one is read by this code; `whyEmpty` says why there is none. */
  static found<R extends ListedRun>(
    runs: readonly R[],
    codeOf: (which: string) => string,
    whyEmpty: () => string | undefined = () => undefined,
  ): RunList<R> {
    const list = RunList.from(runs) as RunList<R>;
    list.#codeOf = codeOf;
    list.#whyEmpty = whyEmpty;
    return list;
  }

  /**
   * Writes each run into files of another format, as `run.export` does. A path such as
   * `out/{plan}-{scan_id}.nxs` says how they are named; else `-{scan_id}-{uid8}` is added. Resolves with the
   * paths.
   */
  export(path: string, options: ExportOptions = {}): Promise<string[]> {
    return exportRuns(this, path, options);
  }

  [$display](): MimeBundle {
    const count = counted(this.length, "run");
    const none = (this.length === 0 ? this.#whyEmpty() : undefined) ?? "no run fits";
    return runsBundle(
      { title: "Found", facts: [count], codeOf: this.#codeOf, none },
      this.slice(0, SHOWN),
      this.length,
      [],
    );
  }

  /** Arrays that `map` and `filter` make hold anything: they are plain. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

interface Heading {
  readonly title: string;
  readonly facts: readonly string[];
  /** The code that reads one run, given its number or uid as code. */
  readonly codeOf: (which: string) => string;
  /** What to do if there are no runs. */
  readonly none: string;
}

/** The number or uid of a run as code. A scan_id that is a text is not: it could be any code. */
function whichCode({ scan_id, uid }: RunStart): string {
  return Number.isSafeInteger(scan_id) ? String(scan_id) : JSON.stringify(uid.slice(0, 8));
}

/** The table of runs; `notes` are shown below it. */
export function runsBundle(
  head: Heading,
  runs: readonly Pick<ListedRun, "start" | "stop">[],
  total: number,
  notes: readonly string[],
): MimeBundle {
  const shown = runs.slice(0, SHOWN);
  const all = shown.map(cellsOf);
  // A folder without samples has no column of them.
  const isShown = ({ title }: TableColumn, i: number) => title !== "sample" || all.some((row) => row[i] !== "");
  const columns = COLUMNS.filter(isShown);
  const cells = all.map((row) => row.filter((_, i) => columns.includes(COLUMNS[i] as TableColumn)));
  const more = shown.length < total ? `the newest ${shown.length} of ${total} · ` : "";
  const [newest] = shown;
  const next = newest && head.codeOf(whichCode(newest.start));
  const hint = newest ? `${more}one by its number or uid: ` : head.none;
  const rows = cells.map((row, i) => {
    const { start, stop } = shown[i] as (typeof shown)[number];
    const { state, sign } = documentedEnd(start, stop);
    return row.map((cell, column) => (columns[column]?.title === "status" ? statusDot(state, cell, sign) : cell));
  });
  return displayBundle(
    [headerText(head), textTable(columns, cells), `${hint}${next ?? ""}`, ...notes].join("\n"),
    header(head),
    htmlTable(columns, rows),
    muted(hint, next === undefined ? "" : codeChip(next)),
    ...notes.map((note) => muted(note)),
  );
}

const COLUMNS: readonly TableColumn[] = [
  { title: "#" },
  { title: "uid", align: "left" },
  { title: "status", align: "left" },
  { title: "started", align: "left", mute: true },
  { title: "plan", align: "left", names: true },
  { title: "sample", align: "left" },
  { title: "motors", align: "left", names: true },
  { title: "detectors", align: "left", names: true },
  { title: "events" },
  { title: "took", mute: true },
];

function cellsOf({ start, stop }: Pick<ListedRun, "start" | "stop">): string[] {
  const { baseline: _, ...counts } = stop?.num_events ?? {};
  const all = Object.values(counts);
  const points = counts.primary ?? (all.length > 0 ? all.reduce((sum, count) => sum + count) : undefined);
  const took = stop ? stop.time - start.time : Number.NaN;
  return [
    oneLine(String(start.scan_id ?? ""), 16),
    oneLine(start.uid.slice(0, 8)),
    documentedEnd(start, stop).word,
    Number.isFinite(start.time) ? formatDateTime(start.time) : "",
    typeof start.plan_name === "string" ? oneLine(start.plan_name, 24) : "",
    oneLine(sampleName(start.sample), 24),
    oneLine(listed(start.motors), 24),
    oneLine(listed(start.detectors), 24),
    points === undefined ? "" : oneLine(String(points), 16),
    Number.isFinite(took) ? formatDuration(took) : "",
  ];
}

/** The sample as a text, or its name. */
function sampleName(sample: unknown): string {
  const name = typeof sample === "object" && sample !== null ? (sample as { name?: unknown }).name : sample;
  return typeof name === "string" ? name : "";
}

const listed = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : "");
