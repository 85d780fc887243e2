import { replicaOf } from "./modules/replicaOf";
import { runNode, type SimNode, type SimNodeOptions } from "./startSimNode";

const IDENTITY = "ISSE&SINE2020,SECoP,V2019-09-16,v1.0";

/**
 * Starts a node that answers `describe` with `description` (the JSON value a real node gave, or its text) word for word.
 * Parameters start with the plainest value their datainfo allows; writables store, Drivables move within a second of simulated time.
 * Rejects with a UsageError if the description has no modules.
 */
export async function simulate(description: unknown, options: SimNodeOptions = {}): Promise<SimNode> {
  return runNode({ ...replicaOf(description), identity: IDENTITY }, options);
}
