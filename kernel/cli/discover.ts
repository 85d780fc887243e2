/** `secop-lab discover`: the SEC nodes of this network. */

import { discoverNodes, UsageError } from "../../lib/index";

export async function discover(options: { readonly timeout: string }): Promise<void> {
  const timeout = Number(options.timeout);
  if (!(timeout > 0)) throw new UsageError(`--timeout ${options.timeout}: expected seconds, more than 0`);
  const nodes = await discoverNodes({ timeout });
  if (nodes.length === 0) console.log(`no SEC node answered within ${timeout} s`);
  for (const { uri, equipment_id, description } of nodes)
    console.log([uri.padEnd(22), equipment_id, description.split("\n", 1)[0]].join("  "));
}
