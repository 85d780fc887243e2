/** Simulates the nodes of a replay from the first request on that was not recorded. */

import { errorText } from "../../errors";
import { parseDescription } from "../../secop/description/parseDescription";
import { splitMessage } from "../../secop/wire/secopMessage";
import type { Transport, TransportEvents } from "../../secop/wire/transport/index";
import { type NodeBehaviour, twinParts } from "../../sim/twin/index";
import type { Recording } from "../format/readRecording";
import { ProcessTwin } from "../twin/processTwin";
import type { NodeState } from "./nodeState";
import type { LiveConnection } from "./replayConnections";

/** The twins that replace the nodes of one replay. */
export class SimulatedRest {
  readonly #recording: Recording;
  readonly #twins = new Map<string, ProcessTwin>();
  readonly #sessions = new Map<LiveConnection, Transport>();
  #ready: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** The first request that was not recorded; undefined before it. */
  since: string | undefined;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get isActive(): boolean {
    return this.since !== undefined;
  }

  /** Simulates the nodes from now on, beginning with their present states, at `speed` (default 1). */
  begin(since: string, states: ReadonlyMap<string, NodeState>, speed = 1): void {
    this.since = since;
    this.#ready = this.#start(states, speed);
    // Ignore a failure here: it closes each connection that sends a line.
    this.#ready.catch(() => {});
  }

  async #start(states: ReadonlyMap<string, NodeState>, speed: number): Promise<void> {
    for (const [node, state] of states) {
      const description = descriptionToSimulate(state);
      if (description === undefined) continue;
      const parts = await twinParts(this.#recording, undefined, node);
      if (this.#isStopped) return;
      const behaviour = parts.behaviour && startingAt(parts.behaviour, state);
      this.#twins.set(node, new ProcessTwin({ ...parts, description, ...(behaviour && { behaviour }) }, speed));
    }
  }

  /** Sends a line to the twin of the node, once the twin has started. */
  send(live: LiveConnection, line: string): void {
    const fail = (error: unknown) => {
      if (!live.isOpen) return;
      live.isOpen = false;
      live.events.closed(`the node cannot be simulated: ${errorText(error)}`);
    };
    void this.#ready.then(() => this.#sessionOf(live)?.send(line), fail);
  }

  close(live: LiveConnection): void {
    this.#sessions.get(live)?.close();
    this.#sessions.delete(live);
  }

  stop(): void {
    this.#isStopped = true;
    for (const twin of this.#twins.values()) twin.stop();
  }

  #sessionOf(live: LiveConnection): Transport | undefined {
    const known = this.#sessions.get(live);
    if (known) return known;
    const session = live.isOpen ? this.#twins.get(live.node)?.connect(whileOpen(live)) : undefined;
    if (session) this.#sessions.set(live, session);
    return session;
  }

  /** Moves a connection to the twin, with the updates that the client asked for. */
  move(live: LiveConnection): void {
    if (!live.isActivated) return;
    live.awaitsActive = true;
    this.send(live, "activate");
  }
}

/** The description of a node; undefined if it sent none with modules while it was recorded. */
export function descriptionToSimulate({ describing }: NodeState): unknown {
  try {
    const description: unknown = JSON.parse(splitMessage(describing).json ?? "{}");
    return parseDescription(description).modules.size > 0 ? description : undefined;
  } catch {
    return undefined;
  }
}

/** The events of a connection, without the answer to an `activate` that its client did not send. */
function whileOpen(live: LiveConnection): TransportEvents {
  return {
    line: (line) => {
      if (!live.isOpen) return;
      if (live.awaitsActive && line === "active") live.awaitsActive = false;
      else live.events.line(line);
    },
    problem: (text) => live.events.problem(text),
    closed: (reason) => live.events.closed(reason),
  };
}

/** The behaviour of a node, beginning with its values at this place of the replay. */
function startingAt({ modules, identity }: NodeBehaviour, state: NodeState): NodeBehaviour {
  const moved = [...modules].map(([name, behaviour]) => {
    const start = new Map(behaviour.start);
    for (const [parameter, value] of state.values(name)) start.set(parameter, value);
    return [name, { ...behaviour, start }] as const;
  });
  return { modules: new Map(moved), ...(identity !== undefined && { identity }) };
}
