/** `secop-lab open`: unpacks a bundle, and says what is in it and how to go on. */

import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { sizeText } from "../../lib/display/number";
import { oneLine, printable } from "../../lib/printable";
import { type OpenedBundle, openBundle } from "../bundle/index";
import { stemOf } from "../notebookFile";

/** How many changed files are named; of more only their number is printed. */
const MOST_CHANGED = 20;
/** Scripts that npm runs while it installs. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepare"];

/** Unpacks into the folder; default: the name of the archive, in the working directory. */
export async function openCommand(
  file: string,
  folder = basename(file).replace(/(\.bundle)?\.zip$/i, ""),
): Promise<void> {
  const bundle = await openBundle(file, folder);
  const here = relative(process.cwd(), bundle.folder) || ".";
  console.log(
    printable(
      `${bundle.title || basename(file)} is in ${here} (${bundle.files.length} files, ${sizeText(bundle.bytes)})`,
    ),
  );
  for (const line of fileLines(bundle)) console.log(printable(line));
  for (const line of bundle.changed.slice(0, MOST_CHANGED)) console.warn(printable(line));
  const more = bundle.changed.length - MOST_CHANGED;
  if (more > 0) console.warn(`and ${more} more files are not as they were bundled`);
  const scripts = installScripts(bundle.folder);
  if (scripts.length > 0)
    console.warn(
      printable(
        `package.json runs code of its author when packages are installed (${scripts.join(", ")}): read it first`,
      ),
    );
  console.log(
    ["", "Its code is that of its author: read it before you run it.", ...nextSteps(bundle, here)].join("\n"),
  );
}

/** How many files of a kind are listed; of more only their number is printed. */
const MOST_NAMES = 4;

/** The files with what they are, those of a kind together. */
function fileLines({ files }: OpenedBundle): string[] {
  const kinds = new Map<string, string[]>();
  for (const { name, description } of files) kinds.set(description, [...(kinds.get(description) ?? []), name]);
  const rows = [...kinds].flatMap(([description, names]): (readonly [string, string])[] => {
    const rest = names.length - MOST_NAMES;
    const shown = rest > 1 ? [...names.slice(0, MOST_NAMES), `and ${rest} more`] : names;
    return shown.map((name, index) => [name, index === 0 ? description : ""]);
  });
  const width = Math.min(50, Math.max(...rows.map(([name]) => name.length)));
  return rows.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`.trimEnd());
}

/** The commands that go on, as they are typed in this folder. */
function nextSteps({ folder, notebook }: OpenedBundle, here: string): string[] {
  const steps: (readonly [command: string, meaning: string])[] = [];
  if (here !== ".") steps.push([`cd ${quoted(here)}`, ""]);
  if (existsSync(join(folder, "package-lock.json"))) steps.push(["npm ci", "its packages, in the same versions"]);
  else if (existsSync(join(folder, "package.json"))) steps.push(["npm install", "its packages"]);
  if (notebook !== undefined) {
    const name = quoted(notebook);
    const stem = join(folder, stemOf(notebook));
    if (existsSync(`${stem}.rec`) || existsSync(`${stem}.rec.gz`)) {
      steps.push([`npx secop-lab run ${name} --replay`, "the same documents, without the hardware"]);
      if (notebook.endsWith(".ipynb"))
        steps.push([`npx secop-lab verify ${name}`, "and compared with those that were measured"]);
    }
    steps.push([`npx secop-lab run ${name} --simulate`, "with other values, on simulated nodes"]);
    steps.push([`npx secop-lab run ${name}`, "with its nodes"]);
  }
  const width = Math.min(60, Math.max(...steps.map(([command]) => command.length)));
  return steps.map(([command, meaning]) =>
    printable(meaning === "" ? `  ${command}` : `  ${command.padEnd(width)}  # ${meaning}`),
  );
}

/**
 * A path as a word of a shell, in which nothing is replaced: a name from somebody else may hold `$(command)`.
 * A name that begins with `-` is no option.
 */
export function quoted(path: string): string {
  const word = path.startsWith("-") ? `./${path}` : path;
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function installScripts(folder: string): string[] {
  try {
    const { scripts = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { scripts?: object };
    return Object.entries(scripts)
      .filter(([name]) => INSTALL_SCRIPTS.includes(name))
      .map(([name, command]) => `${name}: ${oneLine(String(command), 60)}`);
  } catch {
    return [];
  }
}
