/** A recorded node on a TCP port, for any client: its answers follow the requests, as in the recording. */

// It knows nothing of the client's clock. Where the recording waited for a change or a command, it waits
// without end; a read that does not come is given up after a while.

import { createServer, type Server, type Socket } from "node:net";
import { type ClockTimer, realClock } from "../../clock";
import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { oneLine } from "../../printable";
import { LineSplitter } from "../../secop/wire/lineSplitter";
import { nodeKey } from "../../secop/wire/nodeKey";
import { moveTime } from "../format/nodeTimes";
import type { Recording } from "../format/readRecording";
import type { RecordedLine } from "../format/recordedLine";
import { type RecordedRequest, RecordedRequests } from "../replay/recordedRequests";
import { checkedAsChange, refusal, refusalText } from "../replay/refusal";
import { type LiveConnection, ReplayConnections } from "../replay/replayConnections";
import { ReplaySummary } from "../replay/replaySummary";
import { descriptionToSimulate, SimulatedRest } from "../replay/simulatedRest";

/** Options of a node that follows a recording. */
export interface FollowOptions {
  /** TCP port. Default 0: any free port. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1: only this machine can connect. */
  readonly host?: string;
  /** Recorded seconds per second; default "max": as fast as it is asked. */
  readonly speed?: number | "max";
  /** Whether times of the node are those of today. Default false: as they were recorded. */
  readonly now?: boolean;
  /** Whether reads that were not recorded are refused. Default false: they are answered from the state. */
  readonly strict?: boolean;
  /**
   * Whether the node is simulated from the first request on that was not recorded, in real time or at
   * `speed`. Default false: it is refused.
   */
  readonly simulateRest?: boolean;
}

const FOLLOW_OPTIONS: OptionNames<FollowOptions> = {
  port: true,
  host: true,
  speed: true,
  now: true,
  strict: true,
  simulateRest: true,
};

/** A recorded node that runs. */
export interface FollowingNode extends AsyncDisposable {
  /** Its address. */
  readonly uri: string;
  /** Its TCP port. */
  readonly port: number;
  /** What could be answered, in one line. */
  readonly text: string;
  close(): Promise<void>;
}

/** Seconds for which updates wait after an answer, so that the client deals with that first. */
const HOLD = 0.04;
/** Seconds after which a recorded read that does not come is given up. */
const PATIENCE = 1;

interface Client extends LiveConnection {
  readonly socket: Socket;
}

/**
 * Starts the node of a recording. `node` is its key among several. Rejects with a UsageError if the port is
 * taken.
 */
export async function startFollowing(
  recording: Recording,
  node: string,
  options: FollowOptions = {},
): Promise<FollowingNode> {
  checkOptions("the replayed node", options, FOLLOW_OPTIONS);
  const { host = "127.0.0.1", port = 0, speed = "max" } = options;
  if (speed !== "max" && !(speed > 0)) throw new UsageError(`speed ${speed} is not a positive number, nor "max"`);
  if (!recording.nodes.some((held) => nodeKey(held) === node)) {
    const held = recording.nodes.map(nodeKey).join(", ") || "no node";
    throw new UsageError(`${recording.name} holds no node ${oneLine(node)}: it holds ${oneLine(held, 200)}`);
  }
  const follower = new Follower(recording, node, options);
  const server = createServer({ noDelay: true }, (socket) => follower.connected(socket));
  await listening(server, port, host);
  const address = server.address();
  const served = typeof address === "object" && address ? address.port : port;
  const close = () => {
    follower.close();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    uri: `${host.includes(":") ? `[${host}]` : host}:${served}`,
    port: served,
    get text() {
      return follower.text;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE";
      reject(taken ? new UsageError(`port ${port} is taken by another program`, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}

class Follower {
  readonly #lines: readonly RecordedLine[];
  readonly #node: string;
  readonly #options: FollowOptions;
  readonly #requests: RecordedRequests;
  readonly #connections: ReplayConnections;
  readonly #summary: ReplaySummary;
  readonly #clients = new Set<Client>();
  readonly #owed = new Map<RecordedRequest, Client>();
  readonly #simulated: SimulatedRest;
  /** The recorded connections of this node that are open at the place of the replay. */
  readonly #ofNode = new Set<number>();
  #position = 0;
  #waiting: ClockTimer | undefined;
  /** Recorded time of the last thing that happened. */
  #at: number;
  readonly #base: number;

  constructor(recording: Recording, node: string, options: FollowOptions) {
    this.#lines = recording.lines;
    this.#node = node;
    this.#options = options;
    this.#requests = new RecordedRequests(recording, node);
    this.#connections = new ReplayConnections(recording);
    this.#summary = new ReplaySummary(recording.name);
    this.#simulated = new SimulatedRest(recording);
    this.#at = recording.lines[0]?.at ?? 0;
    this.#base = options.now ? Math.round(realClock.now() - this.#at) : recording.start;
  }

  get text(): string {
    return this.#summary.text(this.#requests);
  }

  connected(socket: Socket): void {
    const client = this.#clientOf(socket);
    this.#clients.add(client);
    const lines = new LineSplitter();
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      client.isOpen = false;
      this.#simulated.close(client);
      this.#clients.delete(client);
      for (const [request, asker] of this.#owed) if (asker === client) this.#owed.delete(request);
    });
    socket.on("data", (chunk) => lines.push(chunk, (line) => this.#asked(client, line)));
  }

  #clientOf(socket: Socket): Client {
    // The times in lines of a twin are those of today: nothing is added to them.
    const write = (line: string) => void (socket.writable && socket.write(`${line}\n`));
    const events = { line: write, problem: () => {}, closed: () => socket.destroy() };
    const state = { isOpen: true, isActivated: false, awaitsActive: false };
    return { socket, node: this.#node, recorded: Number.NaN, events, ...state };
  }

  close(): void {
    this.#waiting?.cancel();
    this.#simulated.stop();
    for (const { socket } of this.#clients) socket.destroy();
  }

  #asked(client: Client, line: string): void {
    if (this.#simulated.isActive) {
      this.#simulated.send(client, line);
      return;
    }
    const request = /^(?:read|change|do|check) /.test(line)
      ? this.#requests.match(this.#node, line, Number.NaN)
      : undefined;
    if (!request) {
      this.#unrecorded(client, line);
      return;
    }
    request.done = true;
    request.asked = true;
    this.#summary.asRecorded += 1;
    if (request.answerAt < this.#position) {
      this.#say(client, this.#lines[request.answerAt]?.text ?? "");
      return;
    }
    this.#owed.set(request, client);
    this.#goOn();
  }

  #unrecorded(client: Client, line: string): void {
    const state = this.#connections.stateOf(this.#node);
    const isRead = line.startsWith("read ");
    const answer = isRead && this.#options.strict ? undefined : state.answer(line, this.#at);
    if (answer) {
      if (isRead) this.#summary.fromState += 1;
      for (const one of answer) this.#say(client, one);
      if (/^(?:de)?activate\b/.test(line)) client.isActivated = !line.startsWith("de");
      if (client.isActivated) this.#goOn();
      return;
    }
    const checked = checkedAsChange(this.#requests, this.#node, line);
    if (checked !== undefined) {
      this.#say(client, checked);
      return;
    }
    if (this.#options.simulateRest && descriptionToSimulate(state) !== undefined) {
      this.#simulateRest(line);
      this.#simulated.send(client, line);
      return;
    }
    const text = refusalText(this.#requests, this.#node, line);
    this.#summary.refused.push(text);
    this.#say(client, refusal(line, text));
  }

  /** Leaves the recording: from now on the node is a twin, in the state that it has. */
  #simulateRest(since: string): void {
    this.#waiting?.cancel();
    this.#waiting = undefined;
    this.#summary.simulatedSince = oneLine(since, 60);
    this.#position = this.#lines.length;
    const { speed } = this.#options;
    const state = this.#connections.stateOf(this.#node);
    this.#simulated.begin(since, new Map([[this.#node, state]]), speed === "max" ? 1 : speed);
    for (const client of this.#clients) this.#simulated.move(client);
    for (const [{ line }, client] of this.#owed) this.#simulated.send(client, line.text);
    this.#owed.clear();
  }

  #say({ socket }: Client, line: string): void {
    if (socket.writable) socket.write(`${moveTime(line, this.#base)}\n`);
  }

  /** Goes on at once, unless it waits for its time already. */
  #goOn(): void {
    const isPause = this.#waiting !== undefined && this.#owed.size === 0;
    if (isPause) return;
    this.#waiting?.cancel();
    this.#waiting = undefined;
    this.#play();
  }

  #playAfter(seconds: number, then: () => void = () => {}): void {
    this.#waiting = realClock.timer(seconds, () => {
      this.#waiting = undefined;
      then();
      this.#play();
    });
  }

  /** Plays the recording up to what it has to wait for. */
  #play(): void {
    for (; this.#position < this.#lines.length; this.#position += 1) {
      const line = this.#lines[this.#position] as RecordedLine;
      const { sign, connection } = line;
      if (sign === "+" && this.#connections.isOf(line, this.#node)) this.#ofNode.add(connection);
      else if (!this.#ofNode.has(connection)) continue;
      else if (sign === "-") this.#ofNode.delete(connection);
      else if (sign === ">") {
        if (!this.#isPast(this.#requests.sentAt(this.#position))) return;
      } else if (sign === "<" && !this.#received(line)) return;
    }
  }

  /** Whether the replay need not wait for this request. */
  #isPast(request: RecordedRequest | undefined): boolean {
    if (!request || request.done || !/^(?:read|change|do|check)$/.test(request.action)) return true;
    const isOvertaken = [...this.#owed.keys()].some(({ index }) => index > request.index);
    if (isOvertaken && !request.isAnchor) {
      request.done = true;
      return true;
    }
    if (!request.isAnchor && this.#clients.size > 0) {
      this.#playAfter(PATIENCE, () => {
        request.done = true;
      });
    }
    return false;
  }

  /** Says what was received. @returns false if the rest has to wait */
  #received(line: RecordedLine): boolean {
    const request = this.#requests.answeredAt(this.#position);
    const isForNobody = request !== undefined && !this.#owed.has(request);
    const { speed = "max" } = this.#options;
    const pause = speed === "max" || isForNobody ? 0 : (line.at - this.#at) / speed;
    this.#at = Math.max(this.#at, line.at);
    if (pause > 0.001) {
      this.#playAfter(pause);
      return false;
    }
    this.#connections.stateOf(this.#node).receive(line.text);
    if (!request) {
      if (/^(?:error_)?update /.test(line.text))
        for (const client of this.#clients) if (client.isActivated) this.#say(client, line.text);
      return true;
    }
    const client = this.#owed.get(request);
    if (!client) return true;
    this.#owed.delete(request);
    this.#say(client, line.text);
    this.#position += 1;
    this.#playAfter(HOLD);
    return false;
  }
}
