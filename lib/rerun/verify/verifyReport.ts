/** The report of a verification: its first line is the cause, the effects follow. */

import { escapeHtml } from "../../display/escape";
import { htmlDocument } from "../../display/htmlDocument";

/** The differences that were found, in the order of cause and effect. */
export interface VerifyFindings {
  /** Cells that were edited, added or removed since the recording. */
  readonly cells: readonly string[];
  /** Differences of the nodes' descriptions. */
  readonly nodes: readonly string[];
  /** Requests that the recording could not answer, and cells that failed. */
  readonly failures: readonly string[];
  /** Differences of documents: plans, columns, numbers. */
  readonly runs: readonly string[];
  /** Differences of what cells printed and returned, and of the data of their plots. */
  readonly outputs: readonly string[];
  /** Other versions of programs: reported, but not counted as a difference. */
  readonly versions: readonly string[];
}

const HEADINGS: readonly (readonly [keyof VerifyFindings, string])[] = [
  ["cells", "the notebook was edited"],
  ["nodes", "the node is not the same"],
  ["failures", "the notebook did not run to its end"],
  ["runs", "the data differ"],
  ["outputs", "the outputs differ"],
];

/** Whether nothing differs except versions. */
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

/** The report as a page of its own, which needs no other file and runs no script. */
export function verifyHtml(title: string, findings: VerifyFindings): string {
  const same = isSame(findings);
  const differing = HEADINGS.filter(([part]) => findings[part].length > 0);
  const sections = differing.map(([part, heading]) => section(heading, findings[part])).join("\n");
  const versions =
    findings.versions.length > 0 ? section("versions (no difference by themselves)", findings.versions) : "";
  const summary = same
    ? "Cells, nodes and runs are the same."
    : differing.length > 1
      ? "The first section is the likely cause of the sections below."
      : "";
  const body = `<h1>${escapeHtml(title)} <span class="${same ? "same" : "differs"}">${same ? "same" : "differs"}</span></h1>
<p>${summary}</p>
${sections}
${versions}`;
  return htmlDocument({ title: `${title}: ${same ? "same" : "differs"}`, css: CSS, body });
}

function section(heading: string, lines: readonly string[]): string {
  const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
  return `<h2>${escapeHtml(heading.charAt(0).toUpperCase() + heading.slice(1))}</h2>\n<ul>${items}</ul>`;
}

const CSS = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; overflow-wrap: anywhere; }
h1 span { font-size: 0.6em; font-weight: 600; padding: 0.2em 0.7em; border-radius: 1em; vertical-align: middle; }
.same { color: light-dark(#0b5d2f, #9fe3b9); background: light-dark(#dff3e6, #12381f); }
.differs { color: light-dark(#8a3b00, #ffc799); background: light-dark(#ffead9, #47230a); }
h2 { font-size: 1.1em; margin: 1.6em 0 0.3em; }
ul { margin: 0; padding-left: 1.2em; }
li { margin: 0.3em 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
`;
