/**
 * `secop-lab verify`: runs a notebook again, from its recording or with its nodes, and reports what differs.
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { errorText } from "../../lib/errors";
import {
  isSame,
  type Recording,
  readRecording,
  refuseSimulatedRecording,
  runDifferences,
  UsageError,
  type VerifyFindings,
  verifyHtml,
  verifyText,
  versionDifferences,
} from "../../lib/index";
import { version } from "../installation";
import { withParameters } from "../magics/index";
import { codeHash, hasTag, readNotebook, sourceOf, stemOf } from "../notebookFile";
import { NotebookRun, TerminalView } from "../run/index";
import { changedLocks, changedNodes } from "./changedNodes";
import { documentsIn, measuredRuns } from "./recordedRuns";
import { noRecording, recordingBeside } from "./runCommand";
import { recordedNotebook, type VerifiedRun, verifiedOutputs } from "./verifiedOutputs";

export interface VerifyOptions {
  /** Measures again with the nodes; default: replays the recording. */
  readonly live?: boolean;
  /** The recording; default NAME.rec beside the notebook. */
  readonly replay?: string | true;
  /** `column=0.05`, several. */
  readonly tolerance?: readonly string[];
  readonly html?: string;
  readonly json?: string;
}

/** Sets the exit code: 0 if all is the same, 1 if something differs, 2 if nothing can be compared. */
export async function verifyCommand(file: string, options: VerifyOptions): Promise<void> {
  const input = resolve(file);
  const path = typeof options.replay === "string" ? resolve(options.replay) : recordingBeside(stemOf(input));
  const work = mkdtempSync(join(tmpdir(), "secop-lab-verify-"));
  try {
    if (!existsSync(input)) throw new UsageError(`there is no notebook ${file}`);
    readNotebook(input);
    checkReportFolders(options);
    if (!existsSync(path)) throw noRecording(path, file);
    const findings = await verify(input, readRecording(path), path, work, options);
    console.log(verifyText(findings));
    if (options.html) writeFileSync(options.html, verifyHtml(basename(input), findings));
    if (options.json)
      writeFileSync(options.json, `${JSON.stringify({ same: isSame(findings), ...findings }, null, 1)}\n`);
    process.exitCode = isSame(findings) ? 0 : 1;
  } catch (error) {
    console.error(`secop-lab: cannot be compared: ${errorText(error)}`);
    process.exitCode = 2;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Refuses a report that cannot be written before the notebook runs, which may take hours. */
function checkReportFolders({ html, json }: VerifyOptions): void {
  for (const file of [html, json]) {
    if (file !== undefined && !existsSync(dirname(resolve(file))))
      throw new UsageError(`cannot write the report ${file}: there is no folder ${dirname(file)}`);
  }
}

async function verify(
  input: string,
  recording: Recording,
  path: string,
  work: string,
  options: VerifyOptions,
): Promise<VerifyFindings> {
  refuseSimulatedRecording(recording);
  const tolerances = Object.fromEntries((options.tolerance ?? []).map(parseTolerance));
  const replayed = await runAgain(input, join(work, "replay"), recording.parameters, { SECOP_LAB_REPLAY: path });
  const cells = editedCells(input, recording);
  const isSameVersion = `secop-lab ${version}` === recording.client || !recording.client.includes(" ");
  const versions = isSameVersion ? [] : [`recorded by ${recording.client}, now secop-lab ${version}`];
  const measured = measuredRuns(dirname(input), recording);
  // Also before the nodes measure again, since this refuses a tolerance for an unknown column. That is
  // checked only if all columns are known: a notebook that failed may not have come to all of them.
  const known = measured.length > 0 || replayed.failures.length === 0;
  const how = { exact: true, tolerances: known ? tolerances : {} };
  const compared = runDifferences(measured, replayed.documents, how);
  if (!options.live) {
    const runs = measured.length > 0 ? compared : [];
    if (measured.length === 0) versions.push("the measured runs are not beside the notebook: they are not compared");
    versions.push(...versionDifferences(measured, replayed.documents));
    const notebook = recordedNotebook(input, measured);
    const outputs = notebook ? verifiedOutputs({ notebook, documents: measured }, replayed, how) : [];
    const nodes = changedLocks(input, path, recording);
    return { cells, nodes, failures: replayed.failures, runs, outputs, versions };
  }
  const live = join(work, "live.rec");
  const now = await runAgain(input, join(work, "live"), recording.parameters, { SECOP_LAB_RECORD: live });
  const again = readRecording(live);
  refuseSimulatedRecording(again);
  const nodes = changedNodes(recording, again);
  const runs = runDifferences(replayed.documents, now.documents, { exact: false, tolerances });
  versions.push(...versionDifferences(measured, now.documents));
  const outputs = verifiedOutputs(replayed, now, { exact: false, tolerances });
  return { cells, nodes, failures: now.failures, runs, outputs, versions };
}

/** Runs the notebook on a kernel of its own, with its runs in a folder of their own. */
async function runAgain(
  input: string,
  folder: string,
  parameters: ReadonlyMap<string, unknown>,
  env: Readonly<Record<string, string>>,
): Promise<VerifiedRun & { readonly failures: readonly string[] }> {
  const notebook = readNotebook(input);
  const printed: string[] = [];
  const view = new TerminalView((text) => void printed.push(text));
  const run = new NotebookRun({
    notebook,
    path: input,
    folder: dirname(input),
    outputPath: join(dirname(folder), "verified.ipynb"),
    view,
    parameters,
    env: { ...env, SECOP_LAB_NOTEBOOK: basename(input), SECOP_LAB_RUNS: folder, SECOP_LAB_LOCK: "off" },
    ...(env.SECOP_LAB_REPLAY && { lastCommand: "%replay --summary" }),
  });
  const end = await run.run();
  const failures = end === "executed" ? [] : [failureText(notebook) ?? printed.at(-1)?.trim() ?? end];
  return { notebook, documents: documentsIn(folder), failures };
}

/** The first error in the outputs of a notebook, on one line. */
function failureText(notebook: ReturnType<typeof readNotebook>): string | undefined {
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  for (const [index, cell] of code.entries()) {
    const error = cell.outputs?.find(({ output_type }) => output_type === "error");
    if (error) return `cell ${index + 1}: ${String(error.ename)}: ${String(error.evalue).split("\n", 1)[0]}`;
  }
  return undefined;
}

/** Cells that are not those of the recording, by the hashes of their code. */
function editedCells(input: string, { lines, parameters }: Recording): string[] {
  const recorded = lines
    .map(({ sign, text }) => (sign === "*" ? /^cell \S+ (\S+)$/.exec(text)?.[1] : undefined))
    .filter((hash) => hash !== undefined);
  if (recorded.length === 0) return [];
  const cells = readNotebook(input)
    .cells.filter((cell) => cell.cell_type === "code")
    .map((cell) =>
      hasTag(cell, "parameters") && parameters.size > 0 ? withParameters(sourceOf(cell), parameters) : sourceOf(cell),
    )
    .filter((code) => code.trim() !== "")
    .map((code) => ({ code, hash: codeHash(code) }));
  // Cells before that in which the recording began, such as one with %connect, are no part of it.
  const begin = cells.findIndex(({ hash }) => hash === recorded[0]);
  const edited = cells.flatMap(({ code, hash }, i) =>
    i < begin || recorded.includes(hash) ? [] : [`cell ${i + 1} was edited: ${firstLine(code)}`],
  );
  const now = new Set(cells.map(({ hash }) => hash));
  const gone = recorded.filter((hash) => !now.has(hash)).length - edited.length;
  return gone > 0 ? [...edited, `${gone} recorded ${gone === 1 ? "cell is" : "cells are"} gone`] : edited;
}

function firstLine(code: string): string {
  return (code.trim().split("\n", 1)[0] ?? "").slice(0, 80);
}

function parseTolerance(text: string): [string, number] {
  const [, key = "", value = ""] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  if (key === "" || !(Number(value) >= 0))
    throw new UsageError(`--tolerance ${text}: write COLUMN=NUMBER, as node-oven-value=0.05`);
  return [key, Number(value)];
}
