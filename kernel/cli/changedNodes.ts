/** What has changed in the nodes of a recording, for `secop-lab verify`: against live ones and locks. */

import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { descriptionDifferences, nodeKey, type Recording, readNodeLock, recordedNodes } from "../../lib/index";
import { lockFolder } from "../magics/index";

/**
 * What differs between the nodes of two recordings. A node is found again by its address, else by its
 * equipment_id.
 */
export function changedNodes(then: Recording, now: Recording): string[] {
  const [before, after] = [recordedNodes(then), recordedNodes(now)];
  return [...before].flatMap(([key, description]) => {
    const address = key.replace(/^tcp:\/\/|\/$/g, "");
    const other = after.get(key) ?? sameEquipment(description, after.values());
    if (other === undefined) return [`the node at ${address} was not connected`];
    const found = descriptionDifferences(description, other);
    // Nodes may have modules of the same names.
    return before.size > 1 ? found.map((difference) => `${address}, ${difference}`) : found;
  });
}

function sameEquipment(description: string, others: Iterable<string>): string | undefined {
  const idOf = (json: string): unknown => (JSON.parse(json) as { equipment_id?: unknown }).equipment_id;
  return [...others].find((other) => idOf(other) === idOf(description));
}

/** What differs between the nodes of a recording and their locks beside the notebook. */
export function changedLocks(input: string, path: string, recording: Recording): string[] {
  const folder = lockFolder(input);
  const recorded = recordedNodes(recording);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return files.sort().flatMap((file) => {
    const lock = readNodeLock(join(folder, file));
    const locked = JSON.stringify(lock?.description ?? {});
    const description = lock && (recorded.get(nodeKey(lock.uri)) ?? sameEquipment(locked, recorded.values()));
    const found = description === undefined ? [] : descriptionDifferences(description, locked);
    if (found.length === 0) return [];
    const name = file.replace(/\.json$/, "");
    const lockName = `${basename(folder)}/${file}`;
    return [`${name} was recorded in ${basename(path)} before it became as it is locked (${lockName}):`, ...found];
  });
}
