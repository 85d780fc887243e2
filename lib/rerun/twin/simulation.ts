/** Lets twins replace the SEC nodes of this process, for a user who does not have the hardware. */

import { existsSync } from "node:fs";
import { currentHost } from "../../display/host";
import { CommunicationFailedError, UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { parseDescription } from "../../secop/description/parseDescription";
import { isSimulatedHere } from "../../secop/link/simulatedNodes";
import { type OpenTransport, useTransport } from "../../secop/wire/transport/index";
import { type TwinParts, twinParts } from "../../sim/twin/index";
import { nodeKey, type Recording, readRecording, recordedNodes } from "../format/index";
import { ProcessTwin } from "./processTwin";

/** The options of `startSimulation`. */
export interface SimulationOptions {
  /** A recording whose nodes the twins imitate; without effect if there is no such file. */
  readonly like?: string;
  /** Whether only the nodes passed to `add` are simulated. Default false: all nodes of this process. */
  readonly onlyAdded?: boolean;
  /** Simulated seconds per second; default 1. */
  readonly speed?: number;
}

const SIMULATION_OPTIONS: OptionNames<SimulationOptions> = { like: true, onlyAdded: true, speed: true };

/** A simulation under way. */
export interface RunningSimulation {
  /**
   * Simulates the node of an address: from `source` (as for `simulate`), else from the recording if that
   * holds the address, else from `otherwise`, for example a class file. The twin behaves like the recorded
   * node with the same `equipment_id`. Rejects with a UsageError if there is no description of the node.
   */
  add(uri: string, from?: { readonly source?: unknown; readonly otherwise?: unknown }): Promise<TwinParts>;
  /** Whether the node of an address is left alone because this process simulates it already. */
  leaves(uri: string): boolean;
  /** Opens a connection to the twin of a node; undefined if there is no description of the node. */
  openerOf(uri: string): OpenTransport | undefined;
  /** Whether all nodes are simulated. */
  readonly isComplete: boolean;
  /** Goes back to real nodes. */
  stop(): void;
}

let running: Simulation | undefined;

/** The simulation of this process; undefined if there is none. */
export const currentSimulation = (): RunningSimulation | undefined => running;

/**
 * Simulates the SEC nodes of this process from now on: a connection to an address leads to a twin, and no
 * socket is opened. Addresses stay the same. A node that this process simulates already is left alone.
 *
 * @throws UsageError if a simulation runs already, or the recording is damaged
 */
export function startSimulation(options: SimulationOptions = {}): RunningSimulation {
  checkOptions("startSimulation", options, SIMULATION_OPTIONS);
  if (running) throw new UsageError("nodes are simulated already: end that first (stop())");
  const { like, onlyAdded = false, speed = 1 } = options;
  if (!(speed > 0 && Number.isFinite(speed)))
    throw new UsageError(`speed ${speed} is not a positive number: 1 is real time`);
  const recording = like !== undefined && existsSync(like) ? readRecording(like) : undefined;
  running = new Simulation(recording, onlyAdded, speed);
  return running;
}

class Simulation implements RunningSimulation {
  readonly isComplete: boolean;
  readonly #recording: Recording | undefined;
  readonly #speed: number;
  readonly #parts = new Map<string, TwinParts>();
  readonly #twins = new Map<string, Promise<ProcessTwin>>();
  readonly #stops: readonly (() => void)[];

  constructor(recording: Recording | undefined, onlyAdded: boolean, speed: number) {
    this.#recording = recording;
    this.#speed = speed;
    this.isComplete = !onlyAdded;
    this.#stops = [useTransport((open) => this.#simulated(open)), currentHost().onShutdown(() => this.stop())];
  }

  async add(
    uri: string,
    { source, otherwise }: { readonly source?: unknown; readonly otherwise?: unknown } = {},
  ): Promise<TwinParts> {
    const recorded = source === undefined ? this.#recorded(uri) : undefined;
    const named = source ?? otherwise;
    const parts = await (recorded ?? (named === undefined ? undefined : this.#likeRecorded(named)));
    if (!parts) throw new UsageError(this.#unknown(uri));
    this.#stopTwin(nodeKey(uri));
    this.#parts.set(nodeKey(uri), parts);
    return parts;
  }

  leaves(uri: string): boolean {
    return isSimulatedHere(uri);
  }

  openerOf(uri: string): OpenTransport | undefined {
    const key = nodeKey(uri);
    let twin = this.#twins.get(key);
    if (!twin) {
      const parts = this.#parts.get(key) ?? (this.isComplete ? this.#recorded(uri) : undefined);
      if (!parts) return undefined;
      twin = this.#started(parts);
      this.#twins.set(key, twin);
    }
    return async (...connection) => (await twin).open(...connection);
  }

  stop(): void {
    if (running !== this) return;
    running = undefined;
    for (const stop of this.#stops) stop();
    for (const key of [...this.#twins.keys()]) this.#stopTwin(key);
  }

  async #started(parts: TwinParts | Promise<TwinParts>): Promise<ProcessTwin> {
    return new ProcessTwin(await parts, this.#speed);
  }

  #stopTwin(key: string): void {
    const twin = this.#twins.get(key);
    this.#twins.delete(key);
    // Ignore the failure of a twin that could not be started: its connection was refused with the reason.
    twin?.then(
      (one) => one.stop(),
      () => {},
    );
  }

  /** Opens connections to twins, and others as `open` does. */
  #simulated(open: OpenTransport): OpenTransport {
    return async (address, events, signal) => {
      if (running !== this || this.leaves(address.text)) return open(address, events, signal);
      const opener = this.openerOf(address.text);
      if (opener) return opener(address, events, signal);
      if (this.isComplete) {
        throw new CommunicationFailedError(this.#unknown(address.text));
      }
      return open(address, events, signal);
    };
  }

  /** The parts of the twin of a recorded node; undefined if the recording does not hold it. */
  #recorded(uri: string): Promise<TwinParts> | undefined {
    const key = nodeKey(uri);
    const holds = this.#recording?.nodes.some((held) => nodeKey(held) === key);
    return holds ? twinParts(this.#recording, undefined, uri) : undefined;
  }

  /** A twin that behaves as the recorded node with the same `equipment_id`, if there is one. */
  async #likeRecorded(source: unknown): Promise<TwinParts> {
    const parts = await twinParts(source);
    if (!this.#recording || parts.behaviour) return parts;
    const { equipment_id } = parseDescription(parts.description);
    const described = recordedNodes(this.#recording);
    const same = this.#recording.nodes.find((uri) => {
      const json = described.get(nodeKey(uri));
      return json !== undefined && parseDescription(JSON.parse(json)).equipment_id === equipment_id;
    });
    return same === undefined ? parts : twinParts(source, this.#recording, same);
  }

  #unknown(uri: string): string {
    const held = this.#recording ? `, and ${this.#recording.name} does not hold it` : "";
    const advice = "connect once to the node, or ask for its recording or class file";
    return `cannot simulate ${uri}: no class file or lock says what it is${held}. For a twin ${advice}`;
  }
}
