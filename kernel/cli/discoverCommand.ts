/** `secop-lab discover`: lists the SEC nodes in this network. */

import { type DiscoveredNode, discoverNodes, UsageError } from "../../lib/index";
import { oneLine } from "../../lib/printable";

/** Prints the nodes that answer within `timeout` seconds. */
export async function printDiscoveredNodes(options: { readonly timeout: string }): Promise<void> {
  const timeout = Number(options.timeout);
  if (!(timeout > 0)) throw new UsageError(`--timeout ${options.timeout}: expected a number of seconds above 0`);
  const nodes = await discoverNodes({ timeout });
  if (nodes.length === 0) console.log(`no SEC node answered within ${timeout} s`);
  for (const node of nodes) console.log(nodeLine(node));
}

/**
 * One line about a node. Any device in the network can answer, so its strings must not reach the terminal as
 * escape sequences.
 */
export function nodeLine({ uri, equipment_id, description }: DiscoveredNode): string {
  const title = description.split("\n", 1)[0] ?? "";
  return [uri.padEnd(22), oneLine(equipment_id), oneLine(title)].join("  ");
}
