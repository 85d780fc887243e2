/** The nodes that `%connect --simulate` and `%%devices` simulate, for a user without the hardware. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  classFilePath,
  currentReplay,
  currentSimulation,
  generateClasses,
  readNodeLock,
  readRecording,
  startSimulation,
  UsageError,
} from "../../lib/index";
import { lockFile } from "./lockFiles";
import { notebookPath } from "./notebookLocks";
import { defaultRecording } from "./notebookRecording";

/** The node that a cell connects to. */
export interface SimulatedConnection {
  /** The address, at which a twin answers from now on. */
  readonly uri: string;
  /** The path of the class file; undefined without one. */
  readonly path: string | undefined;
  /** The source from which the twin was made, for the user. */
  readonly origin: string;
}

const CLASS_FILE = /\.ts$/;
const RECORDING = /\.rec(\.gz)?$/;

/**
 * Whether all nodes of the session are simulated: but for one that the notebook simulates itself, and those
 * of a recording that is replayed.
 */
export function isSimulated(uri: string): boolean {
  const simulation = currentSimulation();
  if (!simulation?.isComplete || simulation.leaves(uri)) return false;
  return !currentReplay()?.holds(uri);
}

/**
 * Simulates a node. `source` is its address, its class file, or a file with its description or recording.
 * `file` is the class file to use or to write; undefined for none.
 *
 * @throws UsageError if nothing says what the node is
 */
export async function simulateConnection(
  source: string,
  name: string,
  file: string | undefined,
): Promise<SimulatedConnection> {
  const isFile = CLASS_FILE.test(source) || RECORDING.test(source) || source.endsWith(".json");
  const uri = RECORDING.test(source) ? onlyNode(source) : isFile ? `${name}.simulated` : source;
  const path = CLASS_FILE.test(source) ? resolve(source) : file === undefined ? undefined : classFilePath(file);
  const simulation = currentSimulation() ?? startSimulation({ like: defaultRecording(), onlyAdded: true });
  const twin = isFile
    ? { source }
    : { otherwise: lockedDescription(name) ?? (path && existsSync(path) ? path : undefined) };
  const parts = await simulation.add(uri, twin);
  if (path !== undefined && !existsSync(path)) await generateClasses(parts.description as object, { file: path });
  return { uri, path, origin: parts.origin ?? "of its description" };
}

/** What the node said when it was locked; undefined if it was not. */
function lockedDescription(name: string): unknown {
  const notebook = notebookPath();
  return notebook && readNodeLock(lockFile(notebook, name))?.description;
}

function onlyNode(path: string): string {
  const { nodes } = readRecording(path);
  const [node, ...others] = nodes;
  if (node === undefined || others.length > 0) {
    const held = nodes.join(", ") || "no node";
    throw new UsageError(`${path} holds ${held}: connect to one address, with --simulate`);
  }
  return node;
}
