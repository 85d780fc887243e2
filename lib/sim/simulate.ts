/** A simulated node that is a twin of another one: made of its description, its class file or a recording. */

import { checkOptions, type OptionNames } from "../options";
import type { Recording } from "../rerun/format/index";
import { runNode, SIM_NODE_OPTIONS, type SimNode, type SimNodeOptions } from "./runNode";
import { twinDefinition, twinParts } from "./twin/index";

/** The options of `simulate`. */
export interface TwinOptions extends SimNodeOptions {
  /** A recording, or its path, in which the node behaved as the twin is to behave. */
  readonly like?: string | Recording;
  /** The address of one among several nodes in the recording. */
  readonly node?: string;
}

const TWIN_OPTIONS: OptionNames<TwinOptions> = { ...SIM_NODE_OPTIONS, like: true, node: true };

/**
 * Starts a twin of a node. `source` is its description (the JSON value or text that it answers to `describe`,
 * or `node.description`), its class or the path of its class file (`devices/cryo.ts`), a recording, or the
 * path of a file with one of these.
 *
 * Parameters start as they were recorded, else with the plainest value that their datainfo allows. A Writable
 * stores its target. A Drivable moves at the rate of its `ramp` or `speed` once that is known, else at the
 * rate that was recorded, else within a second; its BUSY, noise, pace of readings and the answers of its
 * commands are those of the recording. Limits hold, also those that are parameters. A number that followed
 * what was driven, such as a sensor or the power of a heater, follows it again; without a recording, only a
 * sensor whose `meaning` says so. Code in a file is never executed.
 *
 * A description alone is answered word for word; all other twins have the property `_simulated`, and runs
 * with any twin say so in `provenance.sec_nodes` of their start documents.
 *
 * Rejects with a UsageError if the source is none of these, or the port is taken.
 *
 * @example
 * await using twin = await simulate("cryo.rec", { speed: 10 });
 * const { cryo } = await initDevices({ cryo: new SecopNodeDevice(twin.uri) });
 */
export async function simulate(source: unknown, options: TwinOptions = {}): Promise<SimNode> {
  checkOptions("the simulated node", options, TWIN_OPTIONS);
  const { like, node, ...others } = options;
  return runNode(twinDefinition(await twinParts(source, like, node)), others);
}
