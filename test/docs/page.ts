/** A page of docs/ with its blocks of code, as the tests run them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../peers/peers";

/**
 * A fenced block of TypeScript. The words after `ts` say what becomes of it: nothing - it runs as a cell and
 * must succeed; `fails` - it runs and must fail; `no-run` - it is only type-checked; `file=NAME` - it is
 * written into the workspace; `picture=NAME` - it runs, and the picture of its plot is kept in docs/pictures.
 */
export interface CodeBlock {
  readonly code: string;
  /** The line of the page where the code begins, from 1. */
  readonly line: number;
  readonly mode: "run" | "fails" | "no-run" | "file";
  readonly file?: string | undefined;
  readonly picture?: string | undefined;
  /** What the page shows as output of the block, in a fenced block of `txt` right after it. */
  readonly output?: ShownOutput | undefined;
}

export interface ShownOutput {
  readonly text: string;
  /** Range of lines of the text in the page, from 0; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** The most lines that are shown; the others become one line with an ellipsis. */
  readonly limit: number;
}

export interface DocsPage {
  /** Path below docs/, such as how-to/ramp.md. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** Code in the columns of tables that are headed "here"; it is type-checked after the blocks have run. */
  readonly rows: readonly CodeRow[];
}

/** A piece of code in a table. */
export interface CodeRow {
  readonly code: string;
  readonly line: number;
}

interface Fence {
  readonly info: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export const docsFolder = join(repository, "docs");

export function readDocsPage(name: string): DocsPage {
  const path = join(docsFolder, name);
  const text = readFileSync(path, "utf8");
  const fences = fencesOf(text);
  const lines = text.split("\n");
  const blocks = fences.flatMap((fence, index): CodeBlock[] => {
    const [language, ...words] = fence.info.split(/\s+/);
    if (language !== "ts") return [];
    const next = fences[index + 1];
    const follows =
      next?.info.startsWith("txt") &&
      lines
        .slice(fence.to + 1, next.from - 1)
        .join("")
        .trim() === "";
    const file = wordAfter("file", words);
    return [
      {
        code: fence.text,
        line: fence.from + 1,
        mode: file ? "file" : words.includes("no-run") ? "no-run" : words.includes("fails") ? "fails" : "run",
        file,
        picture: wordAfter("picture", words),
        output:
          next && follows ? { ...next, limit: Number(wordAfter("lines", next.info.split(/\s+/)) ?? 40) } : undefined,
      },
    ];
  });
  return { name, path, text, blocks, rows: rowsOf(lines) };
}

function rowsOf(lines: readonly string[]): CodeRow[] {
  const rows: CodeRow[] = [];
  let column = -1;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("|")) column = -1;
    else if (/^\|[-|: ]+\|$/.test(lines[index + 1] ?? "")) column = cellsOf(line).indexOf("here");
    else if (column >= 0 && !/^\|[-|: ]+\|$/.test(line)) {
      for (const [, code = ""] of (cellsOf(line)[column] ?? "").matchAll(/`([^`]+)`/g))
        rows.push({ code, line: index + 1 });
    }
  }
  return rows;
}

function cellsOf(line: string): string[] {
  return line
    .slice(1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll("\\|", "|").trim());
}

function wordAfter(key: string, words: readonly string[]): string | undefined {
  return words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
}

function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { info: string; from: number } | undefined;
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const [, info] = /^```(.*)$/.exec(line) ?? [];
    if (info === undefined) continue;
    if (!open) open = { info: info.trim(), from: index + 1 };
    else {
      fences.push({ ...open, to: index, text: lines.slice(open.from, index).join("\n") });
      open = undefined;
    }
  }
  return fences;
}

/** The output without progress bars: on a busy computer, actions get one that are done at once elsewhere. */
export const withoutBars = (output: string): string => output.replace(/^.*\[[# -]{20}\].*(?:\n+|$)/gm, "");

/**
 * The text as the page shows it at most: a long output ends with an ellipsis, unless only its head is wanted.
 */
export function shortened(output: string, limit: number): string {
  const lines = output
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
  if (lines.length <= limit) return lines.join("\n");
  return [...lines.slice(0, limit), ...(limit > 2 ? ["…"] : [])].join("\n");
}

/**
 * What two runs of the same code have in common: numbers, times, uids and the widths of columns are masked.
 * The order of a union in a compiler's message depends on what it has seen before.
 */
export function masked(output: string): string {
  return (
    output
      .replace(/"[^"\n]*"(?: \| "[^"\n]*")+/g, (union) => union.split(" | ").sort().join(" | "))
      // The simulated cryostat says so once a page has moved it.
      .replaceAll("IDLE: at target", "IDLE")
      .replace(/\b\d\d:\d\d:\d\d(\.\d+)?\b/g, "TIME")
      .replace(/\b\d{4}-\d\d-\d\d(T[\d:.]+Z?)?\b/g, "DATE")
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UID")
      .replace(/\b[0-9a-f]{8}\b/g, "UID")
      .replace(/[-+−]?\d+(\.\d+)?(e[-+]?\d+)?/gi, "0")
      .replace(/\b0 (ms|s|min|h)\b/g, "0 T")
      .replace(/[-─═]{2,}/g, "--")
      .replace(/[ \t]+/g, " ")
      .replace(/ *\n */g, "\n")
      .trim()
  );
}
