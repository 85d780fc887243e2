/** Writes runs into files of other formats. */

import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { NothingRecorded } from "../../engine/result/nothingRecorded";
import type { ExportFormat, ExportOptions } from "../../engine/result/runExports";
import { runViews } from "../../engine/result/runViews";
import { UsageError } from "../../errors";
import { nearest } from "../../nearest";
import { checkOptions } from "../../options";
import { checkFileName, fileNameOf } from "../files/fileName";
import { type CollectedRun, type CollectedStream, collectRun } from "./collectRun";
import { csvMetadata, writeCsv } from "./csvFile";
import { writeJson } from "./jsonFile";
import { writeNexus } from "./nexus/index";
import { writeArrow, writeParquet } from "./parquetFile";
import { makeFile, PartFile } from "./partFile";
import type { RunSource } from "./runSource";
import { withTimestamps } from "./timestampColumns";

const ENDINGS: Readonly<Record<string, ExportFormat>> = {
  ".csv": "csv",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".arrow": "arrow",
  ".feather": "arrow",
  ".json": "json",
  ".nxs": "nexus",
  ".h5": "nexus",
  ".hdf5": "nexus",
  ".png": "png",
};
const FORMATS: readonly ExportFormat[] = ["csv", "parquet", "arrow", "json", "nexus", "png"];
const OPTIONS = { format: true, stream: true, units: true, timestamps: true, images: true } as const;
/** What is added to the names of files that would be the same for two runs. */
const OWN_NAME = "-{scan_id}-{uid8}";

/**
 * Writes runs to `path`. Several runs get files of their own: the path may be a template for their names
 * (`out/{plan}-{scan_id}.nxs`), else `-{scan_id}-{uid8}` is added. Resolves with the paths of all files. Of
 * several runs, those without such data are left out, with a warning; if there is none with data, it throws.
 *
 * @throws UsageError for an unknown format, a library that is not installed, or a disk that refuses.
 */
export async function exportRuns(
  runs: Iterable<RunSource>,
  path: string,
  options: ExportOptions = {},
): Promise<string[]> {
  const format = checkExport(path, options);
  const all = [...runs];
  if (all.length === 0) throw new UsageError("there is no run to export");
  const { base, ending } = partsOf(path);
  const template = isTemplate(base) || all.length === 1 ? base : `${base}${OWN_NAME}`;
  const names = all.map((run) => filled(template, run));
  const isTaken = (name: string, i: number) => names.indexOf(name) !== i || names.lastIndexOf(name) !== i;
  const files: string[] = [];
  for (const [i, run] of all.entries()) {
    const name = names[i] ?? "";
    // A template that gives two runs one name would leave the second only.
    const own = isTaken(name, i) ? filled(`${template}${OWN_NAME}`, run) : name;
    try {
      files.push(...(await exportRun(run, own, ending, format, options)));
    } catch (error) {
      const isLeftOut = error instanceof NothingRecorded && (files.length > 0 || i < all.length - 1);
      if (!isLeftOut) throw error;
      console.warn(`${runText(run)} is left out: ${error.message}`);
      continue;
    }
    if (!run.stop) console.warn(`${runText(run)} has not ended: its export has what there is so far`);
  }
  return files;
}

/** The path with an addition before its ending by which the files of two runs differ. */
export function ownPath(path: string): string {
  const { base, ending } = partsOf(path);
  return `${base}${OWN_NAME}${ending}`;
}

/** Checks path and options of an export. @throws UsageError */
export function checkExport(path: string, options: ExportOptions): ExportFormat {
  checkOptions("export", options, OPTIONS);
  const format = formatOf(path, options);
  const { base } = partsOf(path);
  if (isTemplate(base)) checkFileName(templateIn(base).own);
  return format;
}

const runText = ({ start }: RunSource): string => `run ${start.uid.slice(0, 8)}`;
const isTemplate = (base: string): boolean => /\{[^{}]+\}/.test(base);

function partsOf(path: string): { readonly base: string; readonly ending: string } {
  const ending = extname(path);
  return { base: ending === "" ? path : path.slice(0, -ending.length), ending };
}

/** The folders before the first braces, which stay as the user wrote them, and the template behind them. */
function templateIn(base: string): { readonly folders: readonly string[]; readonly own: string } {
  const parts = base.split("/");
  const first = parts.findIndex((part) => part.includes("{"));
  return { folders: parts.slice(0, first), own: parts.slice(first).join("/") };
}

/** The path of a run, without its ending. */
function filled(base: string, { start }: RunSource): string {
  if (!isTemplate(base)) return base;
  const { folders, own } = templateIn(base);
  return [...folders, fileNameOf(own, start)].join("/");
}

function formatOf(path: string, { format }: ExportOptions): ExportFormat {
  if (typeof path !== "string" || path === "") throw new UsageError('export takes a path, for example "scan.nxs"');
  if (format !== undefined) {
    if (FORMATS.includes(format)) return format;
    throw new UsageError(`no format ${JSON.stringify(format)}: use ${FORMATS.join(", ")}`);
  }
  const ending = extname(path).toLowerCase();
  const found = ENDINGS[ending];
  if (found) return found;
  const meant = nearest(ending, Object.keys(ENDINGS));
  const isExcel = /^\.xls[xmb]?$/.test(ending);
  const hint = isExcel ? " (Excel opens .csv)" : meant === undefined ? "" : ` (${meant}?)`;
  throw new UsageError(
    `the ending of ${JSON.stringify(path)} names no format${hint}: use ${Object.keys(ENDINGS).join(", ")}, or give {format: "csv"}`,
  );
}

async function exportRun(
  source: RunSource,
  base: string,
  ending: string,
  format: ExportFormat,
  options: ExportOptions,
): Promise<string[]> {
  const path = `${base}${ending}`;
  if (format === "png") {
    const png = await runViews().picture([() => source.documents()], {});
    await makeFile(path, (part) => writeFileSync(part, png));
    return [path];
  }
  const run = await collectRun(source);
  if (format === "nexus") {
    await makeFile(path, (part) => writeNexus(part, path, run, options.images ?? "link"));
    return [path];
  }
  if (format === "json") {
    await makeFile(path, (part) => withFile(part, (file) => writeJson(file, run)));
    return [path];
  }
  const streams = streamsOf(run, options.stream);
  const files: string[] = [];
  for (const [i, collected] of streams.entries()) {
    const stream = options.timestamps ? withTimestamps(collected) : collected;
    const own = i === 0 ? path : `${base}-${stream.name.replace(/[^\p{L}\p{N}_-]/gu, "_")}${ending}`;
    files.push(...(await exportStream(own, run, stream, format, options)));
  }
  return files;
}

/** The streams to write, `primary` first. */
function streamsOf({ streams, start }: CollectedRun, only: string | undefined): CollectedStream[] {
  const wanted = streams.filter(({ name }) => only === undefined || name === only);
  if (wanted.length > 0) return wanted.sort((a, b) => Number(b.name === "primary") - Number(a.name === "primary"));
  const known = streams.map(({ name }) => name).join(", ");
  throw new NothingRecorded(
    only === undefined
      ? `run ${start.uid.slice(0, 8)} has no data to export`
      : `no stream "${only}" in run ${start.uid.slice(0, 8)}: it has ${known || "none"}`,
  );
}

async function exportStream(
  path: string,
  run: CollectedRun,
  stream: CollectedStream,
  format: ExportFormat,
  { units = false }: ExportOptions,
): Promise<string[]> {
  if (format === "csv") {
    const metadata = `${path}-metadata.json`;
    await makeFile(path, (part) => withFile(part, (file) => writeCsv(file, stream, units)));
    await makeFile(metadata, (part) => withFile(part, (file) => file.write(csvMetadata(path, run, stream))));
    return [path, metadata];
  }
  if (format === "parquet") await makeFile(path, (part) => writeParquet(part, run, stream));
  else await makeFile(path, (part) => withFile(part, (file) => writeArrow(file, run, stream)));
  return [path];
}

async function withFile(path: string, write: (file: PartFile) => Promise<void> | void): Promise<void> {
  const file = new PartFile(path);
  try {
    await write(file);
  } finally {
    file.close();
  }
}
