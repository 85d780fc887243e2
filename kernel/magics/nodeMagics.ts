/** `%connect`, `%%devices`, `%%classes`: from an address to a typed device, by a class file in the workspace. */

import { existsSync, readdirSync } from "node:fs";
import { basename, relative, sep } from "node:path";
import { Script } from "node:vm";
import { classFilePath, errorText, generateClasses, nodeClassName, UsageError } from "../../lib/index";
import { splitArguments, takeMagicOptions, unquoted } from "./magicArguments";
import type { CellMagic, LineMagic, MagicCompletion, MagicContext } from "./magicRegistry";
import { LAB, RUNTIME } from "./magicRuntime";
import { knownAddresses } from "./nodeAddresses";

interface NodeDeclaration {
  readonly name: string;
  readonly uri: string;
  /** Undefined for a node without a class file. */
  readonly classFile: string | undefined;
}

const OPTIONS = { flags: ["--no-class"], values: ["--class"] };
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

export const connectMagic: LineMagic = {
  kind: "line",
  name: "connect",
  usage: "%connect URI as NAME [--class FILE] [--no-class]",
  help: `Connects to a SEC node and declares it as NAME, fully typed from the next cell on.
Writes its class file to ./devices/NAME.ts (or FILE); run it again to pick up a node that has changed.
With --no-class nothing is written, and the members of the node are not typed.`,
  expand: async (args, context) => devicesText([parseConnect(args)], context),
  complete: async (text) => {
    const { word, before } = lastWord(text);
    if (before === "") return completion(word, await knownAddresses());
    return completion(word, /\sas$/.test(before) ? [] : ["as", ...OPTIONS.flags, ...OPTIONS.values]);
  },
};

export const devicesMagic: CellMagic = {
  kind: "cell",
  name: "devices",
  usage: "%%devices",
  help: `Connects to several SEC nodes at once, one a line: NAME = URI [--class FILE] [--no-class].
Each gets a class file in ./devices and is declared under its name.`,
  expand: (_args, body, context) => devicesText(meaningfulLines(body).map(parseAssignment), context),
  complete: async (text) => {
    const { word, before } = lastWord(text);
    if (/^[^=]+=$/.test(before)) return completion(word, await knownAddresses());
    return completion(word, before.includes("=") ? [...OPTIONS.flags, ...OPTIONS.values] : []);
  },
};

export const classesMagic: CellMagic = {
  kind: "cell",
  name: "classes",
  usage: "%%classes",
  help: `Writes class files to ./devices, one for each line: the address of a SEC node, or a JSON file with its description.
The classes are imported.`,
  expand: async (_args, body, context) => {
    const paths: string[] = [];
    for (const source of meaningfulLines(body)) {
      const path = await generateClasses(source);
      context.print(`${nodeClassName(basename(path, ".ts"))} in ${shown(path)}`);
      paths.push(path);
    }
    return paths.map(importText).join(" ");
  },
  complete: async (text) => {
    const { word, before } = lastWord(text);
    return completion(word, before === "" && text.includes("\n") ? [...jsonFiles(), ...(await knownAddresses())] : []);
  },
};

/** The word that is being written, and what stands before it in its line. */
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

function parseConnect(args: string): NodeDeclaration {
  const { positional, options } = takeMagicOptions(splitArguments(args), OPTIONS);
  const [uri, as, name] = positional;
  if (uri === undefined || as !== "as" || name === undefined || positional.length > 3) {
    throw new UsageError(`write ${connectMagic.usage}, for instance: %connect localhost:10767 as cryo`);
  }
  return connection(name, uri, options);
}

function parseAssignment(line: string): NodeDeclaration {
  const [, name, rest] = /^([^=\s]+)\s*=\s*(.+)$/.exec(line) ?? [];
  const { positional, options } = takeMagicOptions(splitArguments(rest ?? ""), OPTIONS);
  const [uri] = positional;
  if (name === undefined || uri === undefined || positional.length > 1) {
    throw new UsageError(`cannot read "${line}": write NAME = URI, for instance  cryo = localhost:10767`);
  }
  return connection(name, uri, options);
}

function connection(name: string, uri: string, options: ReadonlyMap<string, string>): NodeDeclaration {
  if (!isVariableName(name)) throw new UsageError(`"${name}" cannot be the name of a variable`);
  const file = options.get("--class") ?? name;
  return { name, uri: unquoted(uri), classFile: options.has("--no-class") ? undefined : file };
}

/** Compiled, not run: the engine knows its reserved words best. TypeScript has two more. */
function isVariableName(name: string): boolean {
  if (!IDENTIFIER.test(name) || name === "undefined" || name === "globalThis") return false;
  try {
    return new Script(`"use strict"; async () => { const ${name} = 0; }`) !== undefined;
  } catch {
    return false;
  }
}

async function devicesText(connections: readonly NodeDeclaration[], context: MagicContext): Promise<string> {
  if (connections.length === 0) throw new UsageError("no device: write lines of  NAME = URI");
  const texts = await Promise.all(connections.map((one) => declaration(one, context)));
  const names = connections.map(({ name }) => name);
  await Promise.all(names.map((name) => dispose(context.values.get(name))));
  const told = names.map((name) => `${RUNTIME}.reportConnected(${JSON.stringify(name)}, ${name});`);
  return [...texts, `await ${LAB}.initDevices({ ${names.join(", ")} });`, ...told].join(" ");
}

/** TypeScript that declares the device, not connected yet: where the connection fails, its types are there. */
async function declaration({ name, uri, classFile }: NodeDeclaration, context: MagicContext): Promise<string> {
  const options = `{ name: ${JSON.stringify(name)} }`;
  if (classFile === undefined) {
    return `const ${name} = new ${LAB}.SecopNodeDevice(${JSON.stringify(uri)}, ${options});`;
  }
  const path = await classFileFor(uri, classFile, context);
  const className = nodeClassName(basename(path, ".ts"));
  return `${importText(path)} const ${name} = new ${className}(${JSON.stringify(uri)}, ${options});`;
}

/** A node that does not answer still has the types of the class file it got before. */
async function classFileFor(uri: string, file: string, context: MagicContext): Promise<string> {
  try {
    return await generateClasses(uri, { file });
  } catch (error) {
    const path = classFilePath(file);
    if (error instanceof UsageError || !existsSync(path)) throw error;
    context.print(`${errorText(error)}\nThe types are those of ${shown(path)}.`);
    return path;
  }
}

function importText(path: string): string {
  const module = JSON.stringify(shown(path).replace(/\.ts$/, ""));
  return `import { ${nodeClassName(basename(path, ".ts"))} } from ${module};`;
}

/** As an import from the working directory is written. */
function shown(path: string): string {
  const local = relative(process.cwd(), path).split(sep).join("/");
  return local.startsWith("..") ? path.split(sep).join("/") : `./${local}`;
}

function meaningfulLines(body: string): string[] {
  return body
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)(?:#|\/\/).*$/, "").trim())
    .filter((line) => line !== "");
}

async function dispose(old: unknown): Promise<void> {
  if (typeof old !== "object" || old === null || !("modules" in old) || !("dispose" in old)) return;
  if (typeof old.dispose === "function") await old.dispose();
}
