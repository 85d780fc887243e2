/**
 * The magics for the shell and for the process of the kernel: `!command`, `const lines = !command`, `%%bash`,
 * `%%sh`, `%cd` and `%env`.
 */

import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { diskErrorText } from "../../lib/disk";
import { displayBundle } from "../../lib/display/displayBundle";
import { $display, type Displayable } from "../../lib/display/mimeBundle";
import { htmlTable, type TableColumn, textTable } from "../../lib/display/table";
import { UsageError } from "../../lib/errors";
import { nearest } from "../../lib/nearest";
import { CAPTURE_MAGIC, SHELL_MAGIC } from "./findMagics";
import { splitArguments, unquoted } from "./magicArguments";
import type { CellMagic, LineMagic, MagicCompletion } from "./magicRegistry";
import { RUNTIME } from "./magicRuntime";
import { expressionsIn } from "./shellText";

/** `!command` runs a command of the shell. */
export const shellMagic: LineMagic = {
  kind: "line",
  name: SHELL_MAGIC,
  usage: "!COMMAND",
  help: `Runs a command of the shell, and shows its output while it runs; Interrupt ends it with all its processes.
{name} in it is the value of a variable, quoted as needed: !ls {folder}. The command cannot ask for input.
A cd lasts only for its command; use %cd. %%bash runs a cell of several lines, and fails if they do.`,
  expand: (command, { isName }) => {
    if (command === "") throw new UsageError("!COMMAND needs a command, for instance: !ls");
    return `await ${RUNTIME}.shellLine(${commandAndValues(command, isName)});`;
  },
  complete: (text) => completeFile(text),
};

/** `const lines = !command` takes what a command of the shell writes, as IPython does. */
export const captureMagic: LineMagic = {
  kind: "line",
  name: CAPTURE_MAGIC,
  usage: "const NAME = !COMMAND",
  help: `Runs a command of the shell, and gives what it writes to stdout as a list of lines (string[]); !!COMMAND and
%sx COMMAND show the list. What the command writes to stderr appears in the cell. Otherwise it is like !COMMAND.`,
  expand: (command, { isName }) => {
    if (command === "") throw new UsageError("const NAME = !COMMAND needs a command, for instance: !ls");
    return `(await ${RUNTIME}.shellLines(${commandAndValues(command, isName)})) as string[];`;
  },
  complete: (text) => completeFile(text),
};

/** The arguments of the functions in magicRuntime.ts that run the command. */
function commandAndValues(command: string, isName: (word: string) => boolean): string {
  const values = expressionsIn(command, isName).map((expression) => `${JSON.stringify(expression)}: ${expression}`);
  return `${JSON.stringify(command)}, { ${values.join(", ")} }`;
}

export const bashMagic = shellCellMagic("bash");
export const shMagic = shellCellMagic("sh");

function shellCellMagic(name: "bash" | "sh"): CellMagic {
  return {
    kind: "cell",
    name,
    usage: `%%${name} [OPTION ...] [PARAMETER ...]`,
    help: `Runs the cell with ${name}, and shows its output while it runs; it fails if the last command of the cell fails.
Options are those of ${name}, as in %%${name} -e (end at the first failure); parameters are $1, $2 and so on.`,
    expand: (args, body) => {
      const words = splitArguments(args).map(unquoted);
      const first = words.findIndex((word) => !/^[-+]/.test(word));
      const flags = first < 0 ? words : words.slice(0, first);
      const options = { shell: name, flags, parameters: words.slice(flags.length) };
      return `await ${RUNTIME}.shellCell(${JSON.stringify(body)}, ${JSON.stringify(options)});`;
    },
    complete: (text) => completeFile(text),
  };
}

let before: string | undefined;

/** `%cd` changes the working folder. */
export const cdMagic: LineMagic = {
  kind: "line",
  name: "cd",
  usage: "%cd [FOLDER]",
  help: `Changes the folder in which files are read and written and commands run, and prints it; without FOLDER, your home.
%cd - goes back. Imports of cells still start from the folder in which the kernel was started.`,
  run: (args, { print }) => {
    const given = unquoted(args);
    if (given === "-" && before === undefined)
      throw new UsageError("%cd - goes back, but the folder was not changed yet");
    const folder = given === "-" ? (before ?? "") : given === "" ? homedir() : inHome(given);
    const from = present();
    try {
      process.chdir(folder);
    } catch (cause) {
      throw new UsageError(`cannot change to ${resolve(from ?? "/", folder)}: ${diskErrorText(cause)}`, { cause });
    }
    before = from ?? before;
    print(process.cwd());
  },
  complete: (text) => completeFile(text, true),
};

/** `%pwd` prints the working folder, as in IPython. */
export const pwdMagic: LineMagic = {
  kind: "line",
  name: "pwd",
  usage: "%pwd",
  help: "Prints the folder in which files are read and written and commands run. %cd changes it.",
  run: (_args, { print }) => {
    const folder = present();
    if (folder === undefined) throw new UsageError("the working folder was deleted: %cd FOLDER changes to another one");
    print(folder);
  },
};

/** The working folder; undefined if it was deleted. */
function present(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

const inHome = (path: string): string => path.replace(/^~(?=$|\/)/, homedir());

const VARIABLES: readonly TableColumn[] = [
  { title: "variable", align: "left" },
  { title: "value", align: "left", wrap: true },
];
const SECRET = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/i;

/** `%env` shows and sets variables of the environment. */
export const envMagic: LineMagic = {
  kind: "line",
  name: "env",
  usage: "%env [NAME] [=VALUE]",
  help: `Lists the variables of the environment, shows one (%env NAME), or sets it (%env NAME=VALUE).
Commands and programs that cells start get the new value. The list hides values that look like secrets.`,
  run: (args, { print }) => {
    const [, name = "", sign = "", value = ""] = /^([^\s=]*)(\s*=\s*|\s+)?(.*)$/s.exec(args) ?? [];
    if (name === "") return environment();
    if (sign === "") return shownVariable(name);
    process.env[name] = unquoted(value);
    print(`env: ${name}=${process.env[name]}`);
    return undefined;
  },
  complete: (text) => {
    const word = text.trimStart();
    return { length: word.length, matches: Object.keys(process.env).filter((name) => name.startsWith(word)) };
  },
};

function shownVariable(name: string): string {
  const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
  if (value !== undefined) return value;
  const meant = nearest(name, Object.keys(process.env));
  const advice = meant === undefined ? `%env ${name}=VALUE sets it` : `did you mean ${meant}?`;
  throw new UsageError(`there is no variable ${name} in the environment: ${advice}`);
}

function environment(): Displayable {
  const names = Object.keys(process.env).sort();
  const rows = names.map((name) => [name, SECRET.test(name) ? "(hidden)" : (process.env[name] ?? "")]);
  return { [$display]: () => displayBundle(textTable(VARIABLES, rows, 100), htmlTable(VARIABLES, rows)) };
}

/** Completes the path of a file, or of a folder only. */
function completeFile(text: string, foldersOnly = false): MagicCompletion {
  const word = /[^\s"'=:;|&<>()]*$/.exec(text)?.[0] ?? "";
  const start = word.lastIndexOf("/") + 1;
  const folder = resolve(inHome(word.slice(0, start)) || ".");
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const fitting = entries.filter(
      (entry) =>
        entry.name.startsWith(word.slice(start)) &&
        (!entry.name.startsWith(".") || word.slice(start).startsWith(".")) &&
        (!foldersOnly || entry.isDirectory()),
    );
    const matches = fitting.map((entry) => `${entry.name}${entry.isDirectory() ? "/" : ""}`);
    return { length: word.length - start, matches: matches.sort() };
  } catch {
    return { length: 0, matches: [] };
  }
}
