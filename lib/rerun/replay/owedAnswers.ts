/** Who asked the requests of a replay whose recorded answers are still to come. */

import { splitMessage } from "../../secop/wire/secopMessage";
import type { RecordedRequest } from "./recordedRequests";
import type { LiveConnection } from "./replayConnections";

interface Owed {
  readonly live: LiveConnection;
  /** What is said after the answer: a client takes answers for the same parameter in their order. */
  readonly next: (() => void)[];
}

export class OwedAnswers {
  readonly #owed = new Map<RecordedRequest, Owed>();

  /**
   * Whether nobody waits for an answer. A connection that has ended does not: its last ping has no answer.
   */
  get isEmpty(): boolean {
    return ![...this.#owed.values()].some(({ live }) => live.isOpen);
  }

  add(request: RecordedRequest, live: LiveConnection): void {
    this.#owed.set(request, { live, next: [] });
  }

  /** Who is owed the answer; undefined if nobody asked. */
  asker(request: RecordedRequest): LiveConnection | undefined {
    return this.#owed.get(request)?.live;
  }

  /** The answer was given. */
  settle(request: RecordedRequest): void {
    const owed = this.#owed.get(request);
    this.#owed.delete(request);
    for (const say of owed?.next ?? []) say();
  }

  /**
   * Calls `say` after the answers that the connection is owed to requests like `line`. @returns false if
   * there are none
   */
  after(live: LiveConnection, line: string, say: () => void): boolean {
    const { action, specifier } = splitMessage(line);
    const like = [...this.#owed].findLast(
      ([request, owed]) => owed.live === live && request.action === action && request.specifier === specifier,
    );
    like?.[1].next.push(say);
    return like !== undefined;
  }

  /** Forgets all. @returns the requests with who asked them */
  takeAll(): (readonly [request: RecordedRequest, live: LiveConnection])[] {
    const all = [...this.#owed].map(([request, { live }]) => [request, live] as const);
    this.#owed.clear();
    return all;
  }
}
