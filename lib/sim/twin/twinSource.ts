/** Makes the parts of a twin from a description, a class file, or a recording. */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { classDescription, classFileDescription, isNodeClass } from "../../codegen/classFileDescription";
import { diskErrorText } from "../../disk";
import { UsageError } from "../../errors";
import { withoutByteOrderMark } from "../../json";
import { type Recording, readRecording } from "../../rerun/format/index";
import { parseDescription, parseDescriptionText } from "../../secop/description/parseDescription";
import type { NodeBehaviour } from "../modules/moduleBehaviour";
import { recordedBehaviour } from "./recordedBehaviour";
import { nodeIn, recordedNode } from "./recordedNode";

/** The parts of a twin. */
export interface TwinParts {
  /** The JSON value of the description, or what `parseDescription` made of one. */
  readonly description: unknown;
  readonly behaviour?: NodeBehaviour;
  /** What the twin was made from, in words; undefined for a description alone. */
  readonly origin?: string;
}

/**
 * The parts of a twin of `source`, which behaves as in the recording `like`. `node` is the address of one
 * among several nodes in a recording.
 *
 * Rejects with a UsageError if a file cannot be read, or if the source is none of these.
 */
export async function twinParts(source: unknown, like?: string | Recording, node?: string): Promise<TwinParts> {
  const parts = await partsOf(source, node);
  if (like === undefined) return parts;
  const recording = typeof like === "string" ? readRecording(like) : like;
  const described = parseDescription(parts.description);
  const behaviour = await recordedBehaviour(described, await recordedNode(recording, nodeIn(recording, node)));
  return { description: parts.description, behaviour, origin: `like ${recording.name}` };
}

async function partsOf(source: unknown, node: string | undefined): Promise<TwinParts> {
  if (isNodeClass(source))
    return { description: classDescription(source), origin: `of the class of ${source.equipmentId}` };
  if (isRecording(source)) return recordedParts(source, node);
  if (typeof source !== "string") return { description: source };
  if (source.trimStart().startsWith("{")) return { description: parseDescriptionText(source) };
  return fileParts(source, node);
}

async function fileParts(path: string, node: string | undefined): Promise<TwinParts> {
  if (/\.rec(\.gz)?$/.test(path)) return recordedParts(readRecording(path), node);
  const text = textOf(path);
  const origin = `of ${basename(path)}`;
  if (/\.[cm]?ts$/.test(path)) return { description: classFileDescription(text, path), origin };
  if (text.startsWith("#secop-recording ")) return recordedParts(readRecording(path), node);
  if (text.trimStart().startsWith("{")) return { description: parseDescriptionText(text), origin };
  throw new UsageError(`${path} is neither a description of a SEC node, nor its class file, nor a recording`);
}

function textOf(path: string): string {
  try {
    return withoutByteOrderMark(readFileSync(path, "utf8"));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : diskErrorText(error);
    throw new UsageError(`cannot simulate ${path}: ${why}`, { cause: error });
  }
}

async function recordedParts(recording: Recording, uri: string | undefined): Promise<TwinParts> {
  const recorded = await recordedNode(recording, nodeIn(recording, uri));
  if (recorded.description === undefined) {
    throw new UsageError(`${recording.name} holds no description of the node: the recording ends before it`);
  }
  const description: unknown = JSON.parse(recorded.description);
  const behaviour = await recordedBehaviour(parseDescription(description), recorded);
  return { description, behaviour, origin: `like ${recording.name}` };
}

function isRecording(source: unknown): source is Recording {
  return typeof source === "object" && source !== null && "lines" in source && "descriptions" in source;
}
