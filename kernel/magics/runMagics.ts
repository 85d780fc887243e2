/** The magics `%runs` and `%export`, for runs that were kept. */

import { existsSync } from "node:fs";
import { UsageError } from "../../lib/errors";
import { splitArguments, takeMagicOptions, unquoted } from "./magicArguments";
import type { LineMagic } from "./magicRegistry";
import { LAB } from "./magicRuntime";

export const runsMagic: LineMagic = {
  kind: "line",
  name: "runs",
  usage: "%runs [FOLDER] [KEY=VALUE ...] [WORD ...]",
  help: `Lists the runs in a folder (default: runs), newest first.
Conditions find some of them: %runs plan=scan since=yesterday sample=/Pt/ limit=5, and words of their metadata.`,
  expand: (args) => {
    const words = splitArguments(args);
    const [first = ""] = words;
    const isFolder = first !== "" && !first.includes("=") && (words.length === 1 || existsSync(unquoted(first)));
    const dir = isFolder ? JSON.stringify(unquoted(first)) : "";
    const conditions = queryText(isFolder ? words.slice(1) : words);
    return conditions === "" ? `${LAB}.openRuns(${dir});` : `${LAB}.openRuns(${dir}).find(${conditions});`;
  },
};

export const exportMagic: LineMagic = {
  kind: "line",
  name: "export",
  usage: "%export [RUN] FILE [--dir FOLDER] [--stream NAME] [--timestamps]",
  help: `Writes a kept run (default: the newest) into a file; its ending says the format: .nxs, .parquet, .arrow, .csv, .json,
.png (its plot). --timestamps adds the time of each value to a table.
A run is its number, its place from the end (-1), or its uid: %export 12 scan.nxs.`,
  expand: (args) => {
    const { positional, options } = takeMagicOptions(splitArguments(args), {
      flags: ["--timestamps"],
      values: ["--dir", "--stream"],
    });
    const file = positional.at(-1);
    if (file === undefined || positional.length > 2) throw new UsageError("write %export FILE or %export RUN FILE");
    const run = positional.length === 2 ? unquoted(positional[0] ?? "") : "-1";
    const which = /^-?\d{1,7}$/.test(run) ? run : JSON.stringify(run);
    const [dir, stream] = [options.get("--dir"), options.get("--stream")];
    const folder = dir === undefined ? "" : JSON.stringify(unquoted(dir));
    const choices = [
      ...(stream === undefined ? [] : [`stream: ${JSON.stringify(unquoted(stream))}`]),
      ...(options.has("--timestamps") ? ["timestamps: true"] : []),
    ];
    const choice = choices.length === 0 ? "" : `, { ${choices.join(", ")} }`;
    return `await ${LAB}.openRuns(${folder}).get(${which}).export(${JSON.stringify(unquoted(file))}${choice});`;
  },
};

/** The conditions as the text of an object; "" for none. */
function queryText(words: readonly string[]): string {
  const members: string[] = [];
  const text: string[] = [];
  for (const word of words) {
    const [, key, value] = /^([\w.]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) text.push(unquoted(word));
    else members.push(`${JSON.stringify(key)}: ${valueText(value)}`);
  }
  if (text.length > 0) members.push(`text: ${JSON.stringify(text.join(" "))}`);
  return members.length === 0 ? "" : `{ ${members.join(", ")} }`;
}

/** A number, a regular expression such as `/Pt/i`, or else a text. */
function valueText(value: string): string {
  const [, source, flags] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(value) ?? [];
  if (source !== undefined) return `new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)})`;
  const isNumber = /^-?\d+(\.\d+)?$/.test(value);
  return isNumber ? value : JSON.stringify(unquoted(value));
}
