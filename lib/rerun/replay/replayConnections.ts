/** The connections of a replay: which recorded one each is, and those that are not open yet. */

import { CommunicationFailedError, type SecopError } from "../../errors";
import { nodeKey } from "../../secop/wire/nodeKey";
import type { TransportEvents } from "../../secop/wire/transport/index";
import type { Recording } from "../format/readRecording";
import type { RecordedLine } from "../format/recordedLine";
import { BY_CLIENT } from "../record/recorder";
import { NodeState } from "./nodeState";

/** A connection that is open in the replay. */
export interface LiveConnection {
  readonly node: string;
  /** The number of the recorded connection that it is. */
  readonly recorded: number;
  readonly events: TransportEvents;
  isOpen: boolean;
  /** Whether the client asked for updates. */
  isActivated: boolean;
  /** Whether the replay asked for them in the client's name, and the answer is to come. */
  awaitsActive: boolean;
}

/** Somebody who wants to connect. */
export interface Opening {
  readonly node: string;
  open(recorded: number): void;
  fail(error: unknown): void;
}

/** The number of a connection that was not recorded. */
const UNRECORDED = 0;

/** The error of a connection to a node that the recording does not hold. */
export function notHeld({ name, nodes }: Recording, uri: string): SecopError {
  const held = nodes.join(", ") || "no node";
  return new CommunicationFailedError(
    `cannot connect to ${uri}: there is no recording of it in ${name}, which holds ${held}`,
  );
}

export class ReplayConnections {
  readonly #states = new Map<string, NodeState>();
  /** The node of each recorded connection that is open at the place of the replay. */
  readonly #nodeOf = new Map<number, string>();
  readonly #live = new Map<number, LiveConnection>();
  /** The place at which each recorded connection ends. */
  readonly #ends = new Map<number, number>();
  readonly #unrecorded = new Set<LiveConnection>();
  readonly #openings: Opening[] = [];
  /** The places of the recorded connections of each node. */
  readonly #places = new Map<string, number[]>();
  /** The lines `+` that were passed while nobody wanted to connect. */
  readonly #missed = new Map<string, RecordedLine[]>();

  constructor({ lines }: Recording) {
    const seen = new Set<string>();
    for (const [index, line] of lines.entries()) {
      if (line.sign === "+" || line.sign === "!") {
        const node = nodeKey(line.text.split(" ", 1)[0] ?? "");
        if (line.sign === "+") this.#nodeOf.set(line.connection, node);
        const places = this.#places.get(node) ?? [];
        places.push(index);
        this.#places.set(node, places);
        if (!this.#states.has(node)) this.#states.set(node, new NodeState());
        continue;
      }
      if (line.sign === "-") this.#ends.set(line.connection, index);
      const node = this.#nodeOf.get(line.connection);
      if (node === undefined || line.sign !== "<" || seen.has(`${node} describing`)) continue;
      // A request that comes before its place gets the first identity and description of the node.
      const state = this.stateOf(node);
      if (line.text.startsWith("describing ")) {
        seen.add(`${node} describing`);
        state.receive(line.text);
      } else if (!seen.has(`${node} identity`)) {
        seen.add(`${node} identity`);
        state.identity = line.text;
      }
    }
    this.#nodeOf.clear();
  }

  /** Whether the recording holds the node. */
  holds(node: string): boolean {
    return this.#places.has(node);
  }

  /** Whether the line opens a connection of the node. */
  isOf({ sign, text }: RecordedLine, node: string): boolean {
    return sign === "+" && nodeKey(text) === node;
  }

  /** The states of all nodes, by their keys. */
  get states(): ReadonlyMap<string, NodeState> {
    return this.#states;
  }

  stateOf(node: string): NodeState {
    return this.#states.get(node) as NodeState;
  }

  stateOfConnection(recorded: number): NodeState | undefined {
    return this.#states.get(this.#nodeOf.get(recorded) ?? "");
  }

  /** The open connection that a recorded one is. */
  of(recorded: number): LiveConnection | undefined {
    const live = this.#live.get(recorded);
    return live?.isOpen ? live : undefined;
  }

  live(): LiveConnection[] {
    return [...this.#live.values(), ...this.#unrecorded].filter(({ isOpen }) => isOpen);
  }

  /** Ends all connections as if the node had. @returns whether there was one */
  endAll(reason: string): boolean {
    const open = this.live();
    for (const live of open) {
      live.isOpen = false;
      live.events.closed(reason);
    }
    return open.length > 0;
  }

  get isAwaited(): boolean {
    return this.#openings.length > 0;
  }

  /** Resolves with a connection at the place where the recording opened one. */
  request(node: string, events: TransportEvents, signal: AbortSignal, position: number): Promise<LiveConnection> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#forget(opening);
        reject(signal.reason);
      };
      const settled = () => {
        this.#forget(opening);
        signal.removeEventListener("abort", abort);
      };
      const opening: Opening = {
        node,
        open: (recorded) => {
          settled();
          const live = { node, recorded, events, isOpen: true, isActivated: false, awaitsActive: false };
          if (recorded === UNRECORDED) this.#unrecorded.add(live);
          else this.#live.set(recorded, live);
          resolve(live);
        },
        fail: (error) => {
          settled();
          reject(error);
        },
      };
      this.#openings.push(opening);
      signal.addEventListener("abort", abort, { once: true });
      const abandoned = this.#abandoned(node, position);
      const missed = abandoned ?? this.#missed.get(node)?.shift()?.connection;
      if (missed !== undefined) opening.open(missed);
      else if (!this.#places.get(node)?.some((place) => place >= position)) opening.open(UNRECORDED);
    });
  }

  /** Who wants the connection that this line opened; undefined if nobody does. */
  nextOpening(line: RecordedLine): Opening | undefined {
    const node = nodeKey(line.text.split(" ", 1)[0] ?? "");
    if (line.sign === "+") this.#nodeOf.set(line.connection, node);
    return this.#openings.find((opening) => opening.node === node);
  }

  /** Notes that the replay went past a connection that nobody wanted. */
  miss(line: RecordedLine): void {
    const node = nodeKey(line.text);
    this.#nodeOf.set(line.connection, node);
    this.#missed.set(node, [...(this.#missed.get(node) ?? []), line]);
  }

  /** Opens what still waits, at the end of the recording. */
  openAll(): void {
    for (const opening of [...this.#openings]) opening.open(this.#missed.get(opening.node)?.shift()?.connection ?? 0);
  }

  /**
   * A connection that the client has closed while the recorded one goes on beside the next, as where %connect
   * looks at a node above a late recording. The client's next connection gets the rest of its lines.
   */
  #abandoned(node: string, position: number): number | undefined {
    const next = this.#places.get(node)?.find((place) => place >= position) ?? Number.POSITIVE_INFINITY;
    const isAbandoned = (live: LiveConnection) =>
      live.node === node && !live.isOpen && (this.#ends.get(live.recorded) ?? Number.POSITIVE_INFINITY) >= next;
    return [...this.#live.values()].find(isAbandoned)?.recorded;
  }

  #forget(opening: Opening): void {
    const at = this.#openings.indexOf(opening);
    if (at >= 0) this.#openings.splice(at, 1);
  }

  /** Whether the client ended the connection in the recording, so that the replay's does it by itself. */
  wasEndedByClient(line: RecordedLine): boolean {
    return line.text === BY_CLIENT;
  }
}
