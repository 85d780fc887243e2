/** `secop-lab discover`: the SEC nodes of this network. */

import { oneLine } from "../../lib/display/printable";
import { type DiscoveredNode, discoverNodes, UsageError } from "../../lib/index";

export async function printDiscoveredNodes(options: { readonly timeout: string }): Promise<void> {
  const timeout = Number(options.timeout);
  if (!(timeout > 0)) throw new UsageError(`--timeout ${options.timeout}: expected seconds, more than 0`);
  const nodes = await discoverNodes({ timeout });
  if (nodes.length === 0) console.log(`no SEC node answered within ${timeout} s`);
  for (const node of nodes) console.log(nodeLine(node));
}

/** Anybody in the network can answer: what they say must not reach the terminal as commands to it. */
export function nodeLine({ uri, equipment_id, description }: DiscoveredNode): string {
  const title = description.split("\n", 1)[0] ?? "";
  return [uri.padEnd(22), oneLine(equipment_id), oneLine(title)].join("  ");
}
