/** The requests of a recording with their answers, matched with the requests of a replay. */

// A request of the replay is the next unanswered recorded one with the same words, unless a change or command
// is due before. So there may be more or fewer reads between two changes than were recorded.

import { formatJson, mayHoldBigIntegers, parseJson } from "../../json";
import { PendingReplies } from "../../secop/link/pendingReplies";
import { nodeKey } from "../../secop/wire/nodeKey";
import { splitMessage } from "../../secop/wire/secopMessage";
import type { Recording } from "../format/readRecording";
import type { RecordedLine } from "../format/recordedLine";

/** A request that was recorded. */
export class RecordedRequest {
  readonly line: RecordedLine;
  /** Its index among the lines. */
  readonly index: number;
  readonly node: string;
  readonly action: string;
  readonly specifier: string;
  /** Action, specifier and value: two requests with the same key are the same. */
  readonly key: string;
  /** The index of its answer; `Infinity` if there was none. */
  answerAt = Number.POSITIVE_INFINITY;
  /** Whether it was asked in the replay, or is not expected any more. */
  done = false;
  /** Whether it was asked in the replay. */
  asked = false;

  constructor(line: RecordedLine, index: number, node: string) {
    this.line = line;
    this.index = index;
    this.node = node;
    const { action, specifier } = splitMessage(line.text);
    this.action = action;
    this.specifier = specifier;
    this.key = requestKey(line.text);
  }

  /** Whether it changes something at the node: what follows is its effect. */
  get isAnchor(): boolean {
    return isAnchor(this.action);
  }
}

/** Whether requests with this action change something at the node. */
export const isAnchor = (action: string): boolean => action === "change" || action === "do";

/** The key of a request. Requests with the same JSON value have the same key: `10` is the same as `10.0`. */
export function requestKey(line: string): string {
  const { action, specifier, json } = splitMessage(line);
  if (json === undefined) return `${action} ${specifier}`;
  try {
    // The exact form is taken only where needed, since it does not distinguish NaN from Infinity.
    const value = mayHoldBigIntegers(json) ? formatJson(parseJson(json)) : JSON.stringify(JSON.parse(json));
    return `${action} ${specifier} ${value}`;
  } catch {
    return `${action} ${specifier} ${json}`;
  }
}

/** All requests of a recording. */
export class RecordedRequests {
  /** The requests by their index among the lines. */
  readonly #at = new Map<number, RecordedRequest>();
  /** The answered requests by the index of the answer. */
  readonly #answers = new Map<number, RecordedRequest>();
  readonly #byKey = new Map<string, RecordedRequest[]>();
  readonly #anchors: RecordedRequest[] = [];
  #firstAnchor = 0;

  /** @param only the key of the node whose requests are matched; default: of all nodes */
  constructor({ lines }: Recording, only?: string) {
    const nodes = new Map<number, string>();
    const pending = new Map<number, PendingReplies<RecordedRequest>>();
    const identifying = new Map<number, RecordedRequest>();
    for (const [index, line] of lines.entries()) {
      if (line.sign === "+") {
        nodes.set(line.connection, nodeKey(line.text));
        pending.set(line.connection, new PendingReplies());
        identifying.delete(line.connection);
      } else if (line.sign === ">") {
        const node = nodes.get(line.connection) ?? "";
        if (only !== undefined && node !== only) continue;
        const request = new RecordedRequest(line, index, node);
        if (request.action === IDENTIFY) identifying.set(line.connection, request);
        else pending.get(line.connection)?.add(request);
        this.#add(request);
      } else if (line.sign === "<" && !line.text.startsWith("update ")) {
        const { action, specifier } = splitMessage(line.text);
        // The first answer of a connection is the identification, whatever its text.
        const first = identifying.get(line.connection);
        identifying.delete(line.connection);
        const request = first ?? pending.get(line.connection)?.take(action, specifier);
        if (request) {
          request.answerAt = index;
          this.#answers.set(index, request);
        }
      }
    }
  }

  get all(): Iterable<RecordedRequest> {
    return this.#at.values();
  }

  /** The request that was sent in the line with this index. */
  sentAt(index: number): RecordedRequest | undefined {
    return this.#at.get(index);
  }

  /** The request that the line with this index answers. */
  answeredAt(index: number): RecordedRequest | undefined {
    return this.#answers.get(index);
  }

  /** Whether the replay has come to a change or command. */
  get anyAnchorAsked(): boolean {
    return this.#anchors.some(({ asked }) => asked);
  }

  /** The change or command that is due next; undefined if none is left. */
  get dueAnchor(): RecordedRequest | undefined {
    while (this.#anchors[this.#firstAnchor]?.done) this.#firstAnchor += 1;
    return this.#anchors[this.#firstAnchor];
  }

  /**
   * The recorded request that matches a request of the replay; undefined if there is none.
   *
   * @param connection the recorded connection over which housekeeping (identify, describe, activate, ping)
   * goes
   */
  match(node: string, line: string, connection: number): RecordedRequest | undefined {
    const due = this.dueAnchor;
    const list = this.#byKey.get(`${node} ${requestKey(line)}`);
    if (!list) return undefined;
    while (list[0]?.done) list.shift();
    return list.find((request) => {
      if (request.done) return false;
      // Changes that were under way together may come in any order.
      const last = request.isAnchor ? due?.answerAt : due?.index;
      if (WORK.has(request.action) && last !== undefined && request.index > last) return false;
      return WORK.has(request.action) || request.line.connection === connection;
    });
  }

  /** Whether a change or command was recorded, but after another one that is due first. */
  comesLater(node: string, line: string): boolean {
    return this.placeOf(node, line) < Number.POSITIVE_INFINITY;
  }

  /** The index of the next change or command with these words; `Infinity` if there is none. */
  placeOf(node: string, line: string): number {
    const list = this.#byKey.get(`${node} ${requestKey(line)}`);
    return list?.find(({ done, isAnchor }) => isAnchor && !done)?.index ?? Number.POSITIVE_INFINITY;
  }

  /** All requests of the same action and specifier, in their order. */
  alike(node: string, action: string, specifier: string): RecordedRequest[] {
    return [...this.#at.values()].filter(
      (request) => request.node === node && request.action === action && request.specifier === specifier,
    );
  }

  #add(request: RecordedRequest): void {
    this.#at.set(request.index, request);
    const key = `${request.node} ${request.key}`;
    const list = this.#byKey.get(key);
    if (list) list.push(request);
    else this.#byKey.set(key, [request]);
    if (request.isAnchor) this.#anchors.push(request);
  }
}

/** Requests that matter to the user; all others are housekeeping of one connection. */
const WORK = new Set(["read", "change", "do", "check"]);

/** The first request of every connection. */
export const IDENTIFY = "*IDN?";
