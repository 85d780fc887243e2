/** `%connect`, `%%devices`, `%%classes`: from an address to a typed device, by a class file in the workspace. */

import { existsSync, readFileSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import { errorText, generateClasses, nodeClassName, UsageError } from "../../lib/index";
import { splitArguments, takeOptions, unquoted } from "./arguments";
import { knownAddresses } from "./knownAddresses";
import type { CellMagic, LineMagic, MagicContext } from "./registry";

interface Connection {
  readonly name: string;
  readonly uri: string;
  /** Undefined for a node without a class file. */
  readonly classFile: string | undefined;
}

const OPTIONS = { flags: ["--no-class"], values: ["--class"] };
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

export const connect: LineMagic = {
  kind: "line",
  name: "connect",
  usage: "%connect URI as NAME [--class FILE] [--no-class]",
  help: `Connects to a SEC node and declares it as NAME, fully typed from the next cell on.
Writes its class file to ./devices/NAME.ts (or FILE); run it again to pick up a node that has changed.
With --no-class nothing is written, and the members of the node are not typed.`,
  expand: async (args, context) => devicesText([parseConnect(args)], context),
  complete: (text) => {
    const word = /\S*$/.exec(text)?.[0] ?? "";
    const before = text.slice(0, text.length - word.length).trim();
    const candidates = before === "" ? knownAddresses() : /\sas$/.test(before) ? [] : ["as", "--class", "--no-class"];
    return { length: word.length, matches: candidates.filter((candidate) => candidate.startsWith(word)) };
  },
};

export const devices: CellMagic = {
  kind: "cell",
  name: "devices",
  usage: "%%devices",
  help: `Connects to several SEC nodes at once, one a line: NAME = URI [--class FILE] [--no-class].
Each gets a class file in ./devices and is declared under its name.`,
  expand: (_args, body, context) => devicesText(meaningfulLines(body).map(parseAssignment), context),
};

export const classes: CellMagic = {
  kind: "cell",
  name: "classes",
  usage: "%%classes",
  help: `Writes class files to ./devices, one for each line: the address of a SEC node, or a JSON file with its description.
The classes are imported.`,
  expand: async (_args, body, context) => {
    const paths: string[] = [];
    for (const source of meaningfulLines(body)) {
      const path = await generateClasses(isFile(source) ? readFileSync(source, "utf8") : source);
      context.print(shown(path));
      paths.push(path);
    }
    return paths.map(importText).join(" ");
  },
};

function parseConnect(args: string): Connection {
  const { positional, options } = takeOptions(splitArguments(args), OPTIONS);
  const [uri, as, name] = positional;
  if (uri === undefined || as !== "as" || name === undefined || positional.length > 3) {
    throw new UsageError(`write ${connect.usage}, for instance: %connect localhost:10767 as cryo`);
  }
  return connection(name, uri, options);
}

function parseAssignment(line: string): Connection {
  const [, name, rest] = /^([^=\s]+)\s*=\s*(.+)$/.exec(line) ?? [];
  const { positional, options } = takeOptions(splitArguments(rest ?? ""), OPTIONS);
  const [uri] = positional;
  if (name === undefined || uri === undefined || positional.length > 1) {
    throw new UsageError(`cannot read "${line}": write NAME = URI, for instance  cryo = localhost:10767`);
  }
  return connection(name, uri, options);
}

function connection(name: string, uri: string, options: ReadonlyMap<string, string>): Connection {
  if (!IDENTIFIER.test(name)) throw new UsageError(`"${name}" cannot be the name of a variable`);
  const file = options.get("--class") ?? name;
  return { name, uri: unquoted(uri), classFile: options.has("--no-class") ? undefined : file };
}

async function devicesText(connections: readonly Connection[], context: MagicContext): Promise<string> {
  if (connections.length === 0) throw new UsageError("no device: write lines of  NAME = URI");
  const texts = await Promise.all(connections.map((one) => declaration(one, context)));
  const names = connections.map(({ name }) => name);
  await Promise.all(names.map((name) => dispose(context.values.get(name))));
  const lab = '(await import("secop-lab"))';
  const told = names.map((name) => `console.log(\`${name}: \${${name}.modules.size} modules at \${${name}.uri}\`);`);
  return [...texts, `await ${lab}.initDevices({ ${names.join(", ")} });`, ...told].join(" ");
}

/** TypeScript that declares the device, not connected yet: where the connection fails, its types are there. */
async function declaration({ name, uri, classFile }: Connection, context: MagicContext): Promise<string> {
  knownAddresses(uri);
  const options = `{ name: ${JSON.stringify(name)} }`;
  if (classFile === undefined) {
    return `const ${name} = new (await import("secop-lab")).SecopNodeDevice(${JSON.stringify(uri)}, ${options});`;
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
    const named = file.endsWith(".ts") ? file : `${file}.ts`;
    const path = named === basename(named) ? resolve("devices", named) : resolve(named);
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

function isFile(source: string): boolean {
  return source.endsWith(".json") || existsSync(source);
}

async function dispose(old: unknown): Promise<void> {
  if (typeof old !== "object" || old === null || !("modules" in old) || !("dispose" in old)) return;
  if (typeof old.dispose === "function") await old.dispose();
}
