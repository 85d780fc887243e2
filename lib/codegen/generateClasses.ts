/** A TypeScript class file for a SEC node, written into the notebook workspace. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { errorText, UsageError } from "../errors";
import { SecopClient } from "../secop/client";
import type { NodeDescription } from "../secop/description/description";
import { parseDescription } from "../secop/description/parseDescription";
import { asObject } from "../secop/values/jsonFields";
import { nodeClass, nodeClassName } from "./nodeClass";
import { writeClassFile } from "./writeClassFile";

/**
 * What a class file can be made of: a connected node or client, a description, the JSON value or text of a `describe` answer, the path
 * of a file with that text, or the uri of a node (`host:port`), which is asked.
 */
export type ClassSource = NodeDescription | { readonly description: NodeDescription } | object | string;

export interface ClassFileOptions {
  /** Directory of the class file; default `./devices/`. */
  readonly dir?: string;
  /** File name, or a path if it has a directory in it; default: the node's `equipment_id`. The class is named after it: `cryo.ts` has `CryoNode`. */
  readonly file?: string;
}

/**
 * Writes a class file and returns its path. A file whose node has not changed is not touched; in one that is there already only the part
 * between the marks is replaced.
 *
 * Rejects with a UsageError if the source is no description, or a file in the way was not generated.
 */
export async function generateClasses(source: ClassSource, options: ClassFileOptions = {}): Promise<string> {
  const description = await descriptionOf(source);
  if (description.modules.size === 0)
    throw new UsageError("this node describes no modules: there is nothing to make classes of");
  const path = classFilePath(options.file ?? fileNameOf(description), options.dir);
  const className = nodeClassName(basename(path, ".ts"));
  await writeClassFile(path, nodeClass(description, { className, file: shownPath(path) }));
  return path;
}

/** Where the class file called `file` is: in `dir` if it is a name alone, else where it says. The ending `.ts` may be left out. */
export function classFilePath(file: string, dir = "devices"): string {
  const named = file.endsWith(".ts") ? file : `${file}.ts`;
  return dirname(named) === "." ? resolve(dir, basename(named)) : resolve(named);
}

/** A node chooses letters and digits of a name, never a place. */
function fileNameOf({ equipment_id }: NodeDescription): string {
  return equipment_id.replace(/[^A-Za-z0-9]+/g, "_").slice(0, 100) || "node";
}

/** From the working directory where it is below it; with slashes, so that the text is the same everywhere. */
function shownPath(path: string): string {
  const local = relative(process.cwd(), path);
  return (local.startsWith("..") ? path : local).split(sep).join("/");
}

async function descriptionOf(source: ClassSource): Promise<NodeDescription> {
  if (typeof source !== "string") return descriptionIn(source);
  if (source.trimStart().startsWith("{")) return descriptionIn(parseText(source));
  return isPath(source) ? savedDescription(source) : askNode(source);
}

function descriptionIn(json: unknown): NodeDescription {
  const given = asObject(json);
  // A node's own `modules` are devices: its description comes first.
  for (const candidate of [asObject(given?.description), given]) {
    if (candidate?.modules instanceof Map) return candidate as unknown as NodeDescription;
  }
  if (asObject(given?.modules)) return parseDescription(given);
  throw new UsageError("this is neither a connected node nor a description of one: connect it first, or give its uri");
}

/** An address has no slash but those of its scheme. A folder may have the name of a host. */
function isPath(source: string): boolean {
  const isFile = statSync(source, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile || (!source.includes("://") && /[/\\]|\.json$/.test(source));
}

function savedDescription(path: string): NodeDescription {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  try {
    const json: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (!asObject(asObject(json)?.modules)) throw new UsageError("it has no modules");
    return parseDescription(json);
  } catch (error) {
    throw new UsageError(
      `${path} is no description: it should hold the JSON a node answers to describe (${errorText(error)})`,
      { cause: error },
    );
  }
}

async function askNode(uri: string): Promise<NodeDescription> {
  const client = await SecopClient.connect(uri);
  try {
    return client.description;
  } finally {
    await client.close();
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError("the description is no JSON text", { cause });
  }
}
