/** A simulated node that is made of a description only. */

import { checkOptions } from "../options";
import { replicaOf } from "./modules/replicaOf";
import { IDENTITIES } from "./node/identities";
import { runNode, SIM_NODE_OPTIONS, type SimNode, type SimNodeOptions } from "./runNode";

/**
 * Starts a node that answers `describe` with the given description (the JSON value of a real node, its text,
 * or `node.description`) word for word. Parameters start with the plainest value that their datainfo allows.
 * A Writable stores its target; a Drivable moves within a second of simulated time. Rejects with a UsageError
 * if the description has no modules.
 */
export async function simulate(description: unknown, options: SimNodeOptions = {}): Promise<SimNode> {
  checkOptions("the simulated node", options, SIM_NODE_OPTIONS);
  return runNode({ ...replicaOf(description), identity: IDENTITIES["1.1"] }, options);
}
