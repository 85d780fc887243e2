/** `secop-lab bundle`: a notebook with all that it needs to run again, in one archive. */

import { basename, resolve } from "node:path";
import { sizeText } from "../../lib/display/number";
import { printable } from "../../lib/printable";
import { type PartRole, type WrittenBundle, writeBundle } from "../bundle/index";
import { stemOf } from "../notebookFile";

export interface BundleCommandOptions {
  readonly output?: string;
  /** The runs by scan_id, place from the end or uid; false leaves all out. */
  readonly run?: readonly string[];
  readonly runs: boolean;
  readonly runsDir?: string;
  readonly include?: readonly string[];
  readonly license?: string;
  readonly author?: string;
}

/** Writes the archive, and prints what is in it, what is not, and what was taken out. */
export async function bundleCommand(file: string, options: BundleCommandOptions): Promise<void> {
  const { output, run, runs, runsDir, include = [], license, author } = options;
  const path = resolve(output ?? `${basename(stemOf(file))}.bundle.zip`);
  const bundle = await writeBundle(file, path, {
    include,
    ...(runsDir !== undefined && { runsDir }),
    ...(runs === false ? { runs: false } : run !== undefined && { runs: run }),
    ...(license !== undefined && { license }),
    ...(author !== undefined && { author }),
  });
  console.log(printable(`${basename(path)}: ${bundle.files.length + 1} files, ${sizeText(bundle.bytes)}`));
  for (const line of contentLines(bundle)) console.log(printable(line));
  if (bundle.redacted.length > 0) console.log("taken out, with REDACTED in its place:");
  for (const line of bundle.redacted) console.log(printable(`  ${line}`));
  if (bundle.leftOut.length > 0) console.log("not in the bundle:");
  for (const line of bundle.leftOut) console.log(printable(`  ${line}`));
}

const HEADINGS: readonly (readonly [PartRole, string])[] = [
  ["notebook", "notebook"],
  ["script", "script"],
  ["class file", "class files"],
  ["module", "modules"],
  ["lock", "locks"],
  ["recording", "recordings"],
  ["run", "runs"],
  ["image", "images"],
  ["packages", "packages"],
  ["file", "files"],
];
/** How many names one line has; of more only their number is printed. */
const MOST_NAMES = 6;

function contentLines({ files }: WrittenBundle): string[] {
  return HEADINGS.flatMap(([role, heading]) => {
    const names = files.filter(({ part }) => part.role === role).map(({ part }) => part.name);
    if (names.length === 0) return [];
    const shown = names.length > MOST_NAMES ? `${names.length}, from ${names[0]} to ${names.at(-1)}` : names.join("  ");
    return [`  ${heading.padEnd(12)}${shown}`];
  });
}
