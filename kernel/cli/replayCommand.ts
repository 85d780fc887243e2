/** `secop-lab replay`: a recording as SEC nodes on TCP ports, for clients of any kind. */

import { type FollowingNode, nodeKey, readRecording, startFollowing, UsageError } from "../../lib/index";
import { portOf, speedOf } from "./numericOptions";

export interface ReplayCommandOptions {
  readonly port: string;
  readonly speed: string;
  readonly now?: boolean;
  readonly strict?: boolean;
  readonly simulate?: boolean;
}

/** Starts a node for each one in the recording, on one port after the other. Ctrl-C ends them. */
export async function replayCommand(file: string, options: ReplayCommandOptions): Promise<void> {
  const recording = readRecording(file);
  const speed = options.speed === "max" ? "max" : speedOf(options.speed, ", nor max");
  const first = portOf(options.port);
  const { now = false, strict = false, simulate: simulateRest = false } = options;
  const nodes: FollowingNode[] = [];
  try {
    for (const [index, uri] of recording.nodes.entries()) {
      const port = first === 0 ? 0 : first + index;
      const node = await startFollowing(recording, nodeKey(uri), { port, speed, now, strict, simulateRest });
      nodes.push(node);
      console.log(`${uri} is replayed on ${node.uri} (Ctrl-C ends it)`);
    }
  } catch (error) {
    // The nodes before it would keep this process alive.
    await Promise.allSettled(nodes.map((node) => node.close()));
    throw error;
  }
  if (nodes.length === 0) throw new UsageError(`${file} holds no node`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      for (const node of nodes) console.log(node.text);
      void Promise.all(nodes.map((node) => node.close())).then(() => process.exit(0));
    });
  }
}
