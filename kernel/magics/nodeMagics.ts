/**
 * The magics `%connect`, `%%devices` and `%%classes`, which make typed devices with class files in the
 * workspace.
 */

import { existsSync, readdirSync } from "node:fs";
import { basename, relative, sep } from "node:path";
import { diskErrorText } from "../../lib/disk";
import {
  classFilePath,
  type EpicsClassOptions,
  errorText,
  generateClasses,
  generateEpicsClass,
  generateTangoClass,
  nodeClassName,
  UsageError,
} from "../../lib/index";
import type { CellMagic, LineMagic, MagicCompletion, MagicContext } from "./magicRegistry";
import { LAB, RUNTIME } from "./magicRuntime";
import { knownAddresses } from "./nodeAddresses";
import { isTango, NODE_OPTIONS, type NodeDeclaration, parseAssignment, parseConnect } from "./nodeDeclaration";
import { simulateConnection } from "./simulatedConnections";

/** `%connect` connects to one SEC node. */
export const connectMagic: LineMagic = {
  kind: "line",
  name: "connect",
  usage:
    "%connect URI as NAME [--simulate] [--class FILE] [--no-class] [--accept] [--log-level LEVEL] [--log-dir DIR] [--db FILE] [--macros A=B,...]",
  help: `Connects to a SEC node (host:port), or a Tango device (tango://host:port/a/b/c), and declares it as NAME, fully typed from the next cell on.
For EPICS write the prefix of its PVs (ca://BL:PSU: or pva://BL:PSU:) and --db with the database file of the IOC, or a text file with one PV a line.
Writes its class file to ./devices/NAME.ts (or FILE); run it again to pick up a node that has changed.
With --no-class nothing is written, and the members of the node are not typed.
What the node says of itself is kept in NAME.lock beside the notebook: a later connection says what has changed, and --accept takes it as it is now.
With --simulate no hardware is needed: a twin behaves as in the recording beside the notebook, or as its lock or class file says. URI may be the class file
(%connect devices/cryo.ts --simulate as cryo), a recording or a description, too.
The log of the connection is in .secop-lab (or DIR); with --log-level DEBUG it has every line sent and received.`,
  expand: async (args, context) => devicesText([parseConnect(args, connectMagic.usage)], context),
  complete: async (text) => {
    const { word, before } = lastWord(text);
    if (before === "") return completion(word, await knownAddresses());
    return completion(word, /\sas$/.test(before) ? [] : ["as", ...NODE_OPTIONS.flags, ...NODE_OPTIONS.values]);
  },
};

/** `%%devices` connects to several SEC nodes. */
export const devicesMagic: CellMagic = {
  kind: "cell",
  name: "devices",
  usage: "%%devices",
  help: `Connects to several SEC nodes at once, one a line: NAME = URI [--simulate] [--class FILE] [--no-class] [--accept] [--log-level LEVEL] [--log-dir DIR].
Each gets a class file in ./devices and is declared under its name.`,
  expand: (_args, body, context) => devicesText(meaningfulLines(body).map(parseAssignment), context),
  complete: async (text) => {
    const { word, before } = lastWord(text);
    if (/^[^=]+=$/.test(before)) return completion(word, await knownAddresses());
    return completion(word, before.includes("=") ? [...NODE_OPTIONS.flags, ...NODE_OPTIONS.values] : []);
  },
};

/** `%%classes` writes class files. */
export const classesMagic: CellMagic = {
  kind: "cell",
  name: "classes",
  usage: "%%classes",
  help: `Writes class files to ./devices, one for each line: the address of a SEC node, or a JSON file with its description.
The classes are imported.`,
  expand: async (_args, body, context) => {
    const paths: string[] = [];
    for (const source of meaningfulLines(body)) {
      const path = await writeClass(source);
      context.print(`${nodeClassName(basename(path, ".ts"))} in ${importPath(path)}`);
      paths.push(path);
    }
    return paths.map(importText).join(" ");
  },
  complete: async (text) => {
    const { word, before } = lastWord(text);
    return completion(word, before === "" && text.includes("\n") ? [...jsonFiles(), ...(await knownAddresses())] : []);
  },
};

/** The word before the cursor, and the text before it in the same line. */
function lastWord(text: string): { readonly word: string; readonly before: string } {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const word = /\S*$/.exec(line)?.[0] ?? "";
  return { word, before: line.slice(0, line.length - word.length).trim() };
}

function completion(word: string, candidates: readonly string[]): MagicCompletion {
  return { length: word.length, matches: candidates.filter((candidate) => candidate.startsWith(word)) };
}

function jsonFiles(): string[] {
  return readdirSync(".").filter((name) => name.endsWith(".json"));
}

async function devicesText(connections: readonly NodeDeclaration[], context: MagicContext): Promise<string> {
  if (connections.length === 0) throw new UsageError("%%devices has no device: write lines of  NAME = URI");
  const texts = await Promise.all(connections.map((one) => declaration(one, context)));
  const names = connections.map(({ name }) => name);
  await Promise.all(names.map((name) => dispose(context.values.get(name))));
  const reports = connections.map(({ name, accept }) => {
    return `${RUNTIME}.reportConnected(${JSON.stringify(name)}, ${name}${accept ? ", { accept: true }" : ""});`;
  });
  const imports = new Set(texts.map(({ imported }) => imported));
  const declarations = texts.map(({ declared }) => declared);
  return [...imports, ...declarations, `await ${LAB}.initDevices({ ${names.join(", ")} });`, ...reports].join(" ");
}

/**
 * TypeScript that declares the device. It is connected later, so that its types exist even if the connection
 * fails.
 */
async function declaration(
  { name, uri: source, classFile, logOptions, db, macros, simulate }: NodeDeclaration,
  context: MagicContext,
): Promise<{ readonly imported: string; readonly declared: string }> {
  const options = JSON.stringify({ name, ...logOptions });
  const twin = simulate ? await simulateConnection(source, name, classFile) : undefined;
  if (twin) context.print(`${name} is simulated ${twin.origin}`);
  const uri = twin?.uri ?? source;
  const epics = db === undefined ? undefined : { db, macros };
  const path = twin ? twin.path : classFile && (await classFileFor(uri, classFile, context, epics));
  if (path === undefined) {
    const className = isTango(uri) ? "TangoDevice" : "SecopNodeDevice";
    const declared = `const ${name} = new ${LAB}.${className}(${JSON.stringify(uri)}, ${options});`;
    return { imported: "", declared };
  }
  const className = nodeClassName(basename(path, ".ts"));
  const declared = `const ${name} = new ${className}(${JSON.stringify(uri)}, ${options});`;
  // Two nodes of a kind may share a class file, which is imported once.
  return { imported: importText(path), declared };
}

/**
 * Writes the class file and returns its path. If the node does not answer, an existing class file is used.
 */
async function classFileFor(
  uri: string,
  file: string,
  context: MagicContext,
  epics: Pick<EpicsClassOptions, "db" | "macros"> | undefined,
): Promise<string> {
  try {
    return await (epics ? generateEpicsClass(uri, { ...epics, file }) : writeClass(uri, file));
  } catch (error) {
    const path = classFilePath(file);
    if (isDiskError(error) && !existsSync(path)) {
      const why = `the class file ${importPath(path)} cannot be written: ${diskErrorText(error)}`;
      throw new UsageError(`${why}. Make the folder writable, or connect without a class file: add --no-class`);
    }
    if (error instanceof UsageError || !existsSync(path)) throw error;
    context.print(`${errorText(error)}\nThe types of ${importPath(path)} are used.`);
    return path;
  }
}

/** Writes the class file of a SEC node or a Tango device. */
function writeClass(source: string, file?: string): Promise<string> {
  const options = file === undefined ? {} : { file };
  return isTango(source) ? generateTangoClass(source, options) : generateClasses(source, options);
}

/** Whether the error is from a file, and not from the node. */
function isDiskError(error: unknown): boolean {
  const { syscall, path } = error as NodeJS.ErrnoException;
  return syscall !== undefined && syscall !== "connect" && path !== undefined;
}

function importText(path: string): string {
  const module = JSON.stringify(importPath(path).replace(/\.ts$/, ""));
  return `import { ${nodeClassName(basename(path, ".ts"))} } from ${module};`;
}

/** The path as an import in the working directory writes it. */
function importPath(path: string): string {
  const local = relative(process.cwd(), path).split(sep).join("/");
  return local.startsWith("..") ? path.split(sep).join("/") : `./${local}`;
}

function meaningfulLines(body: string): string[] {
  return body
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)(?:#|\/\/(?!\S+:\d)).*$/, "").trim())
    .filter((line) => line !== "");
}

/** Disposes of the node that the variable had before. */
async function dispose(old: unknown): Promise<void> {
  if (typeof old !== "object" || old === null || !("dispose" in old)) return;
  if (!("modules" in old) && !("attributes" in old) && !("prefix" in old)) return;
  if (typeof old.dispose === "function") await old.dispose();
}
