/** The differences between the outputs of two runs of a notebook: its texts and its plots. */

import { counted } from "../../display/number";
import { oneLine } from "../../printable";
import { plotDifferences } from "./plotDifferences";

/** A cell with its outputs, as a notebook file keeps them. */
export interface ComparedCell {
  /** The name of the cell in reports, such as `cell 3`. */
  readonly name: string;
  readonly code: string;
  readonly outputs: readonly unknown[];
}

/** How outputs are compared. */
export interface OutputComparison {
  /**
   * Whether both runs are of the same recording. If not, texts are not compared, and numbers of plots may
   * differ by their noise.
   */
  readonly exact: boolean;
  /** The allowed difference of numbers in texts and plots. */
  readonly tolerance: number;
  /** Texts that are new in each run, such as its uid, with the words that replace them in both outputs. */
  readonly names: ReadonlyMap<string, string>;
}

/** An output in a notebook file. */
interface Output {
  readonly output_type?: unknown;
  readonly name?: unknown;
  readonly text?: unknown;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: unknown;
  readonly evalue?: unknown;
}

const PLOT = /^application\/vnd\.vegalite\./;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** The path of the file of a run, which is in another folder after a replay. */
const RUN_FILE = /[^\s'"`]*\.jsonl/g;

/** The differences, one line each. Cells are matched by their code; an edited one is not compared. */
export function outputDifferences(
  before: readonly ComparedCell[],
  after: readonly ComparedCell[],
  how: OutputComparison,
): string[] {
  const left = [...before];
  return after.flatMap(({ name, code, outputs }) => {
    const at = left.findIndex((cell) => cell.code === code);
    const [then] = at < 0 ? [] : left.splice(at, 1);
    if (!then) return [];
    const plots = plotsOf(then.outputs, outputs, how);
    // If the plots differ, the texts of the cell differ for the same reason.
    const texts = plots.length === 0 && how.exact && !hasMagic(code) ? textsOf(then.outputs, outputs, how) : [];
    return [...plots, ...texts].map((difference) => `${name}: ${difference}`);
  });
}

/** Whether a cell has magics, which print other texts each time, such as processor times. */
const hasMagic = (code: string): boolean => /^\s*[%!]/m.test(code);

function plotsOf(then: readonly unknown[], now: readonly unknown[], how: OutputComparison): string[] {
  const [before, after] = [then, now].map((outputs) => outputs.flatMap((output) => plotIn(output as Output) ?? []));
  if (!before || !after) return [];
  if (before.length !== after.length) return [`${counted(before.length, "plot")} then, ${after.length} now`];
  return before.flatMap((spec, i) => plotDifferences(spec, after[i], how));
}

function plotIn({ data = {} }: Output): unknown {
  const type = Object.keys(data).find((key) => PLOT.test(key));
  return type === undefined ? undefined : data[type];
}

/** The first line that differs, since the lines after it often differ for the same reason. */
function textsOf(then: readonly unknown[], now: readonly unknown[], how: OutputComparison): string[] {
  const [before = [], after = []] = [then, now].map((outputs) =>
    outputs.flatMap((output) => linesIn(output as Output, how.names)),
  );
  const at = before.findIndex((line, i) => after[i] !== undefined && !isSameLine(line, after[i], how.tolerance));
  if (at >= 0) return [`${quoted(before[at])} then, ${quoted(after[at])} now`];
  if (before.length === after.length) return [];
  const isGone = before.length > after.length;
  return [isGone ? `${quoted(before[after.length])} is gone` : `${quoted(after[before.length])} is new`];
}

/** The lines of text of an output to compare; none for plots, HTML and warnings. */
function linesIn(output: Output, names: ReadonlyMap<string, string>): string[] {
  const { output_type, name, text, data = {}, ename, evalue } = output;
  if (output_type === "error") return [named(`${ename}: ${evalue}`, names)];
  if (output_type === "stream" && name !== "stdout") return [];
  const words = output_type === "stream" ? text : plotIn(output) === undefined ? data["text/plain"] : "";
  return named([words].flat().join(""), names)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

function named(text: string, names: ReadonlyMap<string, string>): string {
  let found = text;
  for (const [uid, name] of names) found = found.replaceAll(uid, name);
  return found.replace(UID, "uid").replace(RUN_FILE, "the run's file");
}

function isSameLine(then: string, now: string | undefined, tolerance: number): boolean {
  if (then === now) return true;
  if (now === undefined || tolerance === 0 || then.replace(NUMBER, "#") !== now.replace(NUMBER, "#")) return false;
  const numbers = [...now.matchAll(NUMBER)];
  return [...then.matchAll(NUMBER)].every(([a], i) => Math.abs(Number(a) - Number(numbers[i]?.[0])) <= tolerance);
}

const quoted = (line: string | undefined): string => JSON.stringify(oneLine(line ?? "", 100));
