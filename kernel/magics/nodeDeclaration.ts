/** The declaration in a line of `%connect` or `%%devices`: the address of a node, a variable and options. */

import { Script } from "node:vm";
import { UsageError } from "../../lib/index";
import { splitArguments, takeMagicOptions, unquoted } from "./magicArguments";
import { isSimulated } from "./simulatedConnections";

/** A SEC node to connect to, and the variable that gets it. */
export interface NodeDeclaration {
  readonly name: string;
  readonly uri: string;
  /** The path of the class file; undefined for none. */
  readonly classFile: string | undefined;
  /** Whether the node is locked as it is now. */
  readonly accept: boolean;
  /** The options of the device's log, `logLevel` and `logDir`. */
  readonly logOptions: Readonly<Record<string, string>>;
  /** Only for EPICS: the database file, or the list of PVs, and the values of its macros. */
  readonly db: string | undefined;
  readonly macros: Readonly<Record<string, string>>;
  /** Whether a twin replaces the node. */
  readonly simulate: boolean;
}

/** The options of `%connect`, and of each line of `%%devices`. */
export const NODE_OPTIONS = {
  flags: ["--no-class", "--accept", "--simulate"],
  values: ["--class", "--log-level", "--log-dir", "--db", "--macros"],
};
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** Reads the arguments of `%connect`; `usage` says how they are written. */
export function parseConnect(args: string, usage: string): NodeDeclaration {
  const { positional, options } = takeMagicOptions(splitArguments(args), NODE_OPTIONS);
  const [uri, as, name] = positional;
  if (uri === undefined || as !== "as" || name === undefined || positional.length > 3) {
    throw new UsageError(`write ${usage}, for instance: %connect localhost:10767 as cryo`);
  }
  return declarationOf(name, uri, options);
}

/** Reads a line of `%%devices`. */
export function parseAssignment(line: string): NodeDeclaration {
  const [, name, rest] = /^([^=\s]+)\s*=\s*(.+)$/.exec(line) ?? [];
  const { positional, options } = takeMagicOptions(splitArguments(rest ?? ""), NODE_OPTIONS);
  const [uri] = positional;
  if (name === undefined || uri === undefined || positional.length > 1) {
    throw new UsageError(`cannot read "${line}": write NAME = URI, for instance  cryo = localhost:10767`);
  }
  return declarationOf(name, uri, options);
}

function declarationOf(name: string, uri: string, options: ReadonlyMap<string, string>): NodeDeclaration {
  if (!isVariableName(name)) throw new UsageError(`"${name}" cannot be the name of a variable`);
  const file = options.get("--class") ?? name;
  const classFile = options.has("--no-class") ? undefined : file;
  const db = options.get("--db");
  const address = unquoted(uri);
  if (isEpics(address) && (db === undefined || classFile === undefined)) {
    const example = `%connect ${address} as ${name} --db records.db`;
    throw new UsageError(
      `the members of ${address} are those of its database: name its file, for instance  ${example}`,
    );
  }
  if (!isEpics(address) && db !== undefined)
    throw new UsageError(`--db is for EPICS, and ${address} is not: write ca://PREFIX`);
  const epics = { db: db && unquoted(db), macros: macrosIn(options.get("--macros")) };
  const isSecop = !isTango(address) && !isEpics(address);
  const simulate = options.has("--simulate") || isSimulated(address);
  if (simulate && !isSecop) throw new UsageError(`${address} cannot be simulated: only SEC nodes have twins`);
  const accept = options.has("--accept");
  return { name, uri: address, classFile, accept, logOptions: logOptionsOf(address, options), ...epics, simulate };
}

/** The macros in a text such as `P=BL:,R=psu`. */
function macrosIn(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = text === undefined ? [] : unquoted(text).split(",");
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new UsageError(`cannot read --macros ${pair}: write NAME=VALUE, with commas between them`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1)];
    }),
  );
}

function logOptionsOf(address: string, options: ReadonlyMap<string, string>): Record<string, string> {
  const logLevel = options.get("--log-level");
  const logDir = options.get("--log-dir");
  const isOther = isTango(address) || isEpics(address);
  if (isOther && (logLevel ?? logDir) !== undefined)
    throw new UsageError("a Tango or EPICS device has no log: --log-level and --log-dir are for SEC nodes");
  return { ...(logLevel !== undefined && { logLevel }), ...(logDir !== undefined && { logDir: unquoted(logDir) }) };
}

/**
 * Compiles a declaration, without running it, to find reserved words. `undefined` and `globalThis` are
 * reserved in TypeScript only.
 */
function isVariableName(name: string): boolean {
  if (!IDENTIFIER.test(name) || name === "undefined" || name === "globalThis") return false;
  try {
    return new Script(`"use strict"; async () => { const ${name} = 0; }`) !== undefined;
  } catch {
    return false;
  }
}

/** Whether an address is that of a Tango device: `tango://host:port/a/b/c` or `//host:port/a/b/c`. */
export const isTango = (uri: string): boolean => /^(?:tango:)?\/\//i.test(uri);

/** Whether an address is the prefix of PVs of EPICS: `ca://BL:` or `pva://BL:`. */
const isEpics = (uri: string): boolean => /^(?:ca|pva):\/\//i.test(uri);
