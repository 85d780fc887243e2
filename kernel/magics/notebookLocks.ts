/** Keeps the locks of a notebook, and compares each node that it connects with its lock. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { currentHost } from "../../lib/display/host";
import { counted } from "../../lib/display/number";
import { errorText, UsageError } from "../../lib/errors";
import {
  currentRecording,
  lockDrift,
  type NodeDescription,
  type NodeLock,
  nodeKey,
  readNodeLock,
  readRecording,
  recordedNodes,
  writeNodeLock,
} from "../../lib/index";
import { isReplaying } from "../../lib/journal";
import { printable } from "../../lib/printable";
import { stemOf } from "../notebookFile";
import { lockFile, lockFolder, shownLockFile } from "./lockFiles";
import { lockReportLine, lockReportText } from "./lockReport";

/** The parts of a connected node that a lock needs. */
export interface LockableNode {
  readonly uri: string;
  readonly description: NodeDescription;
}

/** What `secop-lab run` and `secop-lab verify` ask for by the environment variable SECOP_LAB_LOCK. */
type LockMode = "report" | "locked" | "accept" | "off";

/** Recordings that are larger are not compared at each connection. Bytes. */
const MOST_RECORDING = 20 * 1024 * 1024;

/** The file of the notebook that runs; undefined if the front-end does not say it. */
export function notebookPath(): string | undefined {
  const notebook = currentHost().codeOrigin?.()?.notebook;
  if (notebook === undefined) return undefined;
  return isAbsolute(notebook) ? notebook : resolve(basename(notebook));
}

/**
 * Compares a node that was just connected with its lock, and writes the lock if there is none. Prints what
 * has changed, and what stands in the way of a lock.
 *
 * @throws UsageError if `secop-lab run --locked` runs the notebook, and the node is not as it was locked
 */
export function checkLock(name: string, node: LockableNode, accept: boolean): void {
  const mode = process.env.SECOP_LAB_LOCK as LockMode | undefined;
  if (mode === "off") return;
  let notices: readonly (string | undefined)[];
  try {
    notices = lockNotices(name, node, { mode, accept });
  } catch (error) {
    // Nothing about a lock may lose the connection.
    notices = [`${name} is not compared with its lock: ${errorText(error)}`];
  }
  const [problem] = notices;
  if (problem !== undefined && mode === "locked") throw new UsageError(problem);
  for (const notice of notices) if (notice !== undefined) console.warn(notice);
}

/** The lines to show the user: first what is wrong with the lock, if anything. */
function lockNotices(
  name: string,
  node: LockableNode,
  { mode, accept }: { readonly mode: LockMode | undefined; readonly accept: boolean },
): readonly (string | undefined)[] {
  const notebook = notebookPath();
  if (notebook === undefined || isTwin(node)) return [];
  if (!existsSync(notebook)) return [`${name} is not locked: save the notebook first, then connect again`];
  if (!(accept || mode === "accept") || isReplaying())
    return [lockProblem(notebook, name, node, mode), oldRecording(notebook, name, node)];
  console.log(acceptNode(notebook, name, node));
  return [];
}

/** Whether a node is a twin (lib/secop/link), which is not locked: it was made of a description. */
const isTwin = ({ description }: LockableNode): boolean => description.properties.has("_simulated");

/** Locks a node as it is now, and returns what to print. Never throws. */
export function acceptNode(notebook: string, name: string, node: LockableNode): string {
  const path = lockFile(notebook, name);
  try {
    writeNodeLock(path, node);
    return `${name} is locked as it is now, in ${shownLockFile(path)}`;
  } catch (error) {
    return `${name} is not locked: ${errorText(error)}`;
  }
}

/** The news for the user about the lock of a node; undefined if it is as it was. */
function lockProblem(
  notebook: string,
  name: string,
  node: LockableNode,
  mode: LockMode | undefined,
): string | undefined {
  const path = lockFile(notebook, name);
  const file = shownLockFile(path);
  let lock: NodeLock | undefined;
  try {
    lock = readNodeLock(path);
    if (!lock && mode === "locked")
      return `${name} is not locked: run the notebook once without --locked, and keep ${file}`;
    if (!lock && !isReplaying()) writeNodeLock(path, node);
  } catch (error) {
    const advice = existsSync(path) ? `; write it anew:  %lock accept ${name}` : "";
    return `${name} is not compared with its lock: ${errorText(error)}${advice}`;
  }
  const differences = lock ? lockDrift(lock, node.description) : [];
  if (!lock || differences.length === 0) return undefined;
  if (mode === "locked" && differences.every(({ kind }) => kind === "text")) return undefined;
  const report = { notebook, name, file, lock, differences };
  return mode === undefined ? lockReportText(report) : lockReportLine(report);
}

/** Says that the recording of the notebook was made with another description of the node. */
function oldRecording(notebook: string, name: string, { uri, description }: LockableNode): string | undefined {
  const stem = stemOf(notebook);
  const path = [`${stem}.rec`, `${stem}.rec.gz`].find((candidate) => existsSync(candidate));
  if (path === undefined || isReplaying() || resolve(currentRecording()?.path ?? "") === path) return undefined;
  try {
    if (statSync(path).size > MOST_RECORDING) return undefined;
    const recorded = recordedNodes(readRecording(path)).get(nodeKey(uri));
    if (recorded === undefined || !hasChanged(recorded, description)) return undefined;
    return `${basename(path)} was recorded with another description of ${name}: a replay is not of the node as it is now`;
  } catch {
    // A damaged recording is reported where it is used.
    return undefined;
  }
}

/** Whether more than texts differ between a recorded description and the node. */
function hasChanged(recorded: string, description: NodeDescription): boolean {
  const raw = JSON.parse(recorded) as { readonly equipment_id?: unknown };
  const equipmentId = typeof raw.equipment_id === "string" ? raw.equipment_id : "";
  const lock = { uri: "", equipmentId, locked: "", descriptionSha256: "", description: raw };
  return lockDrift(lock, description).some(({ kind }) => kind !== "text");
}

/** One line about each lock of the notebook: its node, and whether that is as it was. */
export function lockLines(notebook: string, nodeOf: (name: string) => LockableNode | undefined): string[] {
  const folder = lockFolder(notebook);
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  if (names.length === 0) return [`${basename(notebook)} has no locks: %connect and %%devices make them`];
  return names.sort().map((file) => {
    const name = file.replace(/\.json$/, "");
    try {
      const lock = readNodeLock(join(folder, file));
      if (!lock) return `${name}: its lock was removed`;
      const node = `${lock.equipmentId || "a node"} at ${lock.uri}`;
      return printable(`${name}: ${node}, locked ${lock.locked}, ${stateNow(lock, nodeOf(name))}`);
    } catch (error) {
      return `${name}: ${errorText(error)}; write it anew:  %lock accept ${name}`;
    }
  });
}

function stateNow(lock: NodeLock, node: LockableNode | undefined): string {
  if (!node) return "not connected";
  const count = lockDrift(lock, node.description).length;
  return count === 0 ? "unchanged" : `changed in ${counted(count, "place")}`;
}
