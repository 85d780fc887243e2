/** The replay of this process, from a file. */

import { basename, isAbsolute, join } from "node:path";
import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { nodeKey } from "../../secop/wire/nodeKey";
import { readRecording } from "../format/readRecording";
import { currentRecording } from "../record/recorder";
import { currentSimulation } from "../twin/index";
import { ExactReplay } from "./exactReplay";

/** Options of a replay. */
export interface ReplayOptions {
  /**
   * Whether a read that was not recorded is refused; default false: it is answered from the state at that
   * place.
   */
  readonly strict?: boolean;
  /** The folder for replayed runs; default `NAME.replay` beside the recording's name. */
  readonly dir?: string;
  /**
   * Whether the nodes are simulated from the first request on that was not recorded; default false: it is
   * refused.
   */
  readonly simulateRest?: boolean;
}

const REPLAY_OPTIONS: OptionNames<ReplayOptions> = { strict: true, dir: true, simulateRest: true };

/** A replay under way. */
export interface RunningReplay {
  readonly path: string;
  /** How many requests could be answered, in one line. */
  readonly text: string;
  /** The sentences of the requests that were refused. */
  readonly refused: readonly string[];
  /** When it was recorded, in Unix seconds. */
  readonly recordedAt: number;
  /** Whether the recording holds the node of an address. */
  holds(uri: string): boolean;
  /** Goes back to real nodes and real time. */
  stop(): void;
}

let running: RunningReplay | undefined;

/** The replay of this process; undefined if there is none. */
export const currentReplay = (): RunningReplay | undefined => running;

/**
 * Lets a recording replace clock, network and SEC nodes of this process: clients that connect from now on
 * get the recorded messages, on recorded time, without any socket.
 *
 * @throws UsageError if the recording is damaged, or something is recorded or replayed already
 */
export function startReplay(path: string, options: ReplayOptions = {}): RunningReplay {
  checkOptions("startReplay", options, REPLAY_OPTIONS);
  if (running) throw new UsageError(`${running.path} is being replayed: end that first (%replay off)`);
  if (currentRecording()) throw new UsageError("nothing can be replayed while it is recorded: %record off first");
  const recording = readRecording(path);
  const { strict = false, simulateRest = false, dir = `${path.replace(/\.rec(\.gz)?$/, "")}.replay` } = options;
  const runsFolder = (runs: string) => join(dir, isAbsolute(runs) ? basename(runs) : runs.replace(/\.\./g, "_"));
  const exact = new ExactReplay(recording, {
    strict,
    simulateRest,
    runsFolder,
    // A node that the recording does not hold may be simulated from its class file.
    others: (uri) => currentSimulation()?.openerOf(uri),
  }).start();
  const replay: RunningReplay = {
    path,
    get text() {
      return exact.text;
    },
    refused: exact.summary.refused,
    recordedAt: recording.start,
    holds: (uri) => recording.nodes.some((node) => nodeKey(node) === nodeKey(uri)),
    stop: () => {
      if (running !== replay) return;
      running = undefined;
      exact.stop();
    },
  };
  running = replay;
  return replay;
}
