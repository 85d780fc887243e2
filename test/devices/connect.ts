/** Connects devices for a test file and closes them after it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import type { NodeOptions } from "../../lib/devices/node/typedNode";

const logDir = mkdtempSync(join(tmpdir(), "devices-"));
const open: DynamicNode[] = [];

export async function connectTo(uri: string, options: NodeOptions = {}): Promise<DynamicNode> {
  const node = new SecopNodeDevice(uri, { logDir, ...options });
  open.push(node);
  await node.connect();
  return node;
}

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((node) => node.dispose()));
  rmSync(logDir, { recursive: true, force: true });
}
