/** Writes the TypeScript class file of a SEC node into the notebook workspace. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { errorText, UsageError } from "../errors";
import { withoutByteOrderMark } from "../json";
import { checkOptions } from "../options";
import { SecopClient } from "../secop/client";
import type { NodeDescription } from "../secop/description/description";
import { parseDescription, parseDescriptionText } from "../secop/description/parseDescription";
import { asObject } from "../secop/values/jsonFields";
import { nodeClass, nodeClassName } from "./nodeClass";
import { writeClassFile } from "./writeClassFile";

/**
 * The source of a class file: a connected node or client, a description, the answer to `describe` as a JSON
 * value or text, the path of a file with that text, or the uri of a node (`host:port`), which is then
 * connected for its description.
 */
export type ClassSource = NodeDescription | { readonly description: NodeDescription } | object | string;

/** Where a class file is written. */
export interface ClassFileOptions {
  /** Directory of the class file; default `./devices/`. */
  readonly dir?: string;
  /**
   * File name, or a path if it has a directory in it. Default: the `equipment_id` of the node. The class is
   * named after the file: `cryo.ts` has `CryoNode`.
   */
  readonly file?: string;
}

/**
 * Writes a class file and resolves to its path. In an existing class file, only the part between the marks is
 * replaced, and only if the node has changed.
 *
 * Rejects with a UsageError if the source is not a description, or if a file that was not generated has
 * this path.
 */
export async function generateClasses(source: ClassSource, options: ClassFileOptions = {}): Promise<string> {
  checkOptions("generateClasses", options, { dir: true, file: true });
  const description = await descriptionOf(source);
  if (description.modules.size === 0) {
    throw new UsageError("this node describes no modules: there is nothing to make classes of");
  }
  const path = classFilePath(options.file ?? plainFileName(description.equipment_id, "node"), options.dir);
  const className = nodeClassName(basename(path, ".ts"));
  await writeClassFile(path, nodeClass(description, { className, file: shownPath(path) }));
  return path;
}

/**
 * The path of the class file `file`: in `dir` if it is only a name, else as it is. The ending `.ts` is
 * optional.
 */
export function classFilePath(file: string, dir = "devices"): string {
  const named = file.endsWith(".ts") ? file : `${file}.ts`;
  return dirname(named) === "." ? resolve(dir, basename(named)) : resolve(named);
}

/** A text as the name of a file: letters, digits and `_` only, so that no node chooses a directory. */
export function plainFileName(text: string, otherwise: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, "_").slice(0, 100) || otherwise;
}

/** The path relative to the working directory if it is below it; with slashes on every system. */
function shownPath(path: string): string {
  const local = relative(process.cwd(), path);
  return (local.startsWith("..") ? path : local).split(sep).join("/");
}

async function descriptionOf(source: ClassSource): Promise<NodeDescription> {
  if (typeof source !== "string") return descriptionIn(source);
  if (source.trimStart().startsWith("{")) return descriptionIn(parseDescriptionText(source));
  return isPath(source) ? savedDescription(source) : askNode(source);
}

function descriptionIn(json: unknown): NodeDescription {
  const given = asObject(json);
  // The `description` counts first, since the `modules` of a node device are devices.
  for (const candidate of [asObject(given?.description), given]) {
    // Only a parsed description has a Map of modules, so the cast is safe.
    if (candidate?.modules instanceof Map) return candidate as unknown as NodeDescription;
  }
  if (asObject(given?.modules)) return parseDescription(given);
  throw new UsageError("this is neither a connected node nor a description of one: connect it first, or give its uri");
}

/** Whether a text is a path, not a uri: it names a file, has slashes without a scheme, or ends in `.json`. */
function isPath(source: string): boolean {
  const isFile = statSync(source, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile || (!source.includes("://") && /[/\\]|\.json$/.test(source));
}

function savedDescription(path: string): NodeDescription {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  try {
    const json: unknown = JSON.parse(withoutByteOrderMark(readFileSync(path, "utf8")));
    if (!asObject(asObject(json)?.modules)) throw new UsageError("it has no modules");
    return parseDescription(json);
  } catch (error) {
    throw new UsageError(
      `${path} is not a description: it should contain the JSON that a node answers to describe (${errorText(error)})`,
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
