/** The requests of a replay whose recorded answers are still to come, and the connections that asked. */

import { splitMessage } from "../../secop/wire/secopMessage";
import type { RecordedRequest } from "./recordedRequests";
import type { LiveConnection } from "./replayConnections";

interface Owed {
  readonly live: LiveConnection;
  /** Sends what follows the answer, since a client expects the answers for a parameter in order. */
  readonly next: (() => void)[];
}

/** Keeps the connection that asked for each answer, until the answer is given. */
export class OwedAnswers {
  readonly #owed = new Map<RecordedRequest, Owed>();

  /**
   * Whether no open connection waits for an answer. One that has ended does not: its last ping has no answer.
   */
  get isEmpty(): boolean {
    return ![...this.#owed.values()].some(({ live }) => live.isOpen);
  }

  add(request: RecordedRequest, live: LiveConnection): void {
    this.#owed.set(request, { live, next: [] });
  }

  /** The connection that asked; undefined if none did. */
  asker(request: RecordedRequest): LiveConnection | undefined {
    return this.#owed.get(request)?.live;
  }

  /** Called when the answer has been given. */
  settle(request: RecordedRequest): void {
    const owed = this.#owed.get(request);
    this.#owed.delete(request);
    for (const say of owed?.next ?? []) say();
  }

  /**
   * Calls `say` after the answers that the connection still gets to requests with the action and parameter of
   * `line`. @returns false if there are none
   */
  after(live: LiveConnection, line: string, say: () => void): boolean {
    const { action, specifier } = splitMessage(line);
    const like = [...this.#owed].findLast(
      ([request, owed]) => owed.live === live && request.action === action && request.specifier === specifier,
    );
    like?.[1].next.push(say);
    return like !== undefined;
  }

  /** Forgets all. @returns the requests, with the connections that asked */
  takeAll(): (readonly [request: RecordedRequest, live: LiveConnection])[] {
    const all = [...this.#owed].map(([request, { live }]) => [request, live] as const);
    this.#owed.clear();
    return all;
  }
}
