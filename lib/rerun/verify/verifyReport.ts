/** The report of a verification: its first line is the cause, the effects follow. */

import { escapeHtml } from "../../display/escape";

/** What was compared, in the order of cause and effect. */
export interface VerifyFindings {
  /** Cells that were edited, added or removed since the recording. */
  readonly cells: readonly string[];
  /** Differences of the nodes' descriptions. */
  readonly nodes: readonly string[];
  /** Requests that the recording could not answer, and cells that failed. */
  readonly failures: readonly string[];
  /** Differences of documents: plans, columns, numbers. */
  readonly runs: readonly string[];
  /** Other versions of programs: reported, but not counted as a difference. */
  readonly versions: readonly string[];
}

const HEADINGS: readonly (readonly [keyof VerifyFindings, string])[] = [
  ["cells", "the notebook was edited"],
  ["nodes", "the node is not the same"],
  ["failures", "the notebook did not run to its end"],
  ["runs", "the data differ"],
];

/** Whether anything differs but versions. */
export function isSame(findings: VerifyFindings): boolean {
  return HEADINGS.every(([part]) => findings[part].length === 0);
}

/** The report as text, for a terminal. */
export function verifyText(findings: VerifyFindings): string {
  const differing = HEADINGS.filter(([part]) => findings[part].length > 0);
  const versions = findings.versions.map((line) => `  ${line}`);
  const [first] = differing;
  if (!first) return ["SAME: cells, nodes and runs", ...versions].join("\n");
  const sections = differing.flatMap(([part, heading], i) => [
    ...(i === 0 ? [] : [`and ${heading}:`]),
    ...findings[part].map((line) => `  ${line}`),
  ]);
  return [`DIFFERS: ${first[1]}`, ...sections, ...versions].join("\n");
}

/** The report as a page of its own. */
export function verifyHtml(title: string, findings: VerifyFindings): string {
  const differing = HEADINGS.filter(([part]) => findings[part].length > 0);
  const list = (lines: readonly string[]) => `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`;
  const body = differing.map(([part, heading]) => `<h2>${escapeHtml(heading)}</h2>${list(findings[part])}`).join("");
  const versions = findings.versions.length > 0 ? `<h2>versions</h2>${list(findings.versions)}` : "";
  const head = isSame(findings) ? "same" : "differs";
  return (
    `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>` +
    `<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}h1 span{font-weight:400}li{overflow-wrap:anywhere}</style>` +
    `<h1>${escapeHtml(title)} <span>${head}</span></h1>${body}${versions}`
  );
}
