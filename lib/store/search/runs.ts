/** The runs in a folder: listed, searched and displayed. */

import { join } from "node:path";
import { inspect } from "node:util";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { counted } from "../../display/number";
import { UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { folderOpener, StoredRun } from "../runs/storedRun";
import type { RunEntry } from "./indexFile";
import { RunFolder, type RunProblem } from "./runFolder";
import { RunList, runsBundle } from "./runList";
import { findRuns, type RunQuery } from "./runQuery";
import { unknownKey } from "./unknownKey";

/** The most problems in a display. */
const PROBLEMS_SHOWN = 3;

/**
 * The runs kept in a folder, newest first, as they are now: runs that are made later appear by themselves. An
 * index (`.index.jsonl`) makes thousands of runs cost little; it can be deleted at any time.
 */
export class Runs implements Iterable<StoredRun>, Displayable {
  /** The folder, as given to `openRuns`. */
  readonly dir: string;
  readonly #folder: RunFolder;

  /** @throws UsageError if the folder cannot be read. */
  constructor(dir: string) {
    this.dir = dir;
    this.#folder = RunFolder.of(dir);
    this.#folder.runs();
  }

  /** The number of runs. */
  get length(): number {
    return this.#folder.runs().length;
  }

  /** The files and folders that could not be read, or only in part. */
  get problems(): readonly RunProblem[] {
    return this.#folder.problems();
  }

  *[Symbol.iterator](): Generator<StoredRun, void, undefined> {
    for (const entry of this.#folder.runs()) yield this.#open(entry);
  }

  /** The newest `limit` runs, newest first. Default: all. */
  list(limit = Number.POSITIVE_INFINITY): RunList<StoredRun> {
    return this.find({ limit });
  }

  /**
   * The runs that fit, newest first: `runs.find({ plan: "scan", since: "yesterday", sample: /Pt/ })`. See
   * `RunQuery` for the conditions.
   */
  find(query: RunQuery = {}): RunList<StoredRun> {
    if (typeof query !== "object" || query === null)
      throw new UsageError(`find takes conditions such as {plan: "scan"}, not ${inspect(query)}`);
    const found = findRuns(this.#folder.runs(), query);
    return RunList.found(
      found.map((entry) => this.#open(entry)),
      this.#codeOf,
      () => unknownKey(this.#folder.runs(), query),
    );
  }

  /** The newest run. @throws UsageError if there is none. */
  latest(): StoredRun {
    const [entry] = this.#folder.runs();
    if (!entry) throw new UsageError(`there are no runs in ${this.dir}`);
    return this.#open(entry);
  }

  /**
   * A run by its scan_id (the newest one that has it), by its place from the end (-1 is the newest), by its
   * uid or the beginning of its uid. @throws UsageError if there is none.
   */
  get(which: number | string): StoredRun {
    const entry = this.#find(which);
    if (entry) return this.#open(entry);
    const words =
      typeof which === "number" ? (which < 0 ? `at ${which}` : `#${which}`) : String(which) || "with an empty uid";
    throw new UsageError(`no run ${words} among the ${this.length} in ${this.dir}`);
  }

  [$display](): MimeBundle {
    const runs = this.list(20);
    const { length } = this;
    const facts = [this.dir, counted(length, "run")];
    return runsBundle(
      { title: "Runs", facts, codeOf: this.#codeOf, none: "none yet, make one: await RE(plan)" },
      runs,
      length,
      this.#notes(),
    );
  }

  readonly #codeOf = (which: string): string => `await ${folderOpener(this.dir)}.get(${which}).table()`;

  #find(which: number | string): RunEntry | undefined {
    if (typeof which !== "number") {
      if (typeof which !== "string" || which === "") return undefined;
      return this.#folder.runs().find(({ start }) => start.uid.startsWith(which));
    }
    return which < 0 ? this.#folder.runs()[-which - 1] : this.#folder.byScanId(which);
  }

  #open({ file, start, stop }: RunEntry): StoredRun {
    return new StoredRun(join(this.dir, file), start, stop, this.dir);
  }

  #notes(): string[] {
    const { problems } = this;
    if (problems.length === 0) return [];
    const shown = problems
      .slice(0, PROBLEMS_SHOWN)
      .map(({ path, problem }) => `${oneLine(path, 120)}: ${oneLine(problem)}`);
    const count = `${problems.length} ${problems.length === 1 ? "entry is" : "entries are"} damaged or unreadable`;
    const rest = problems.length > shown.length ? ["all of them: runs.problems"] : [];
    return [`${count}:`, ...shown, ...rest];
  }
}
