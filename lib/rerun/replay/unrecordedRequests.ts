/** Answers requests that a recording does not have at this place: from the state, or by a refusal. */

import type { RecordedRequests } from "./recordedRequests";
import { checkedAsChange, refusal, refusalText } from "./refusal";
import type { LiveConnection, ReplayConnections } from "./replayConnections";
import type { ReplaySummary } from "./replaySummary";

const LATE_ADVICE = "the recording began after it. Record again with %record in the first cell, above %connect";

/** The answers to the requests of one replay that were not recorded. */
export class UnrecordedRequests {
  readonly #requests: RecordedRequests;
  readonly #connections: ReplayConnections;
  readonly #summary: ReplaySummary;
  readonly #strict: boolean;
  readonly #isLate: boolean;

  /**
   * @param strict whether reads are refused
   * @param isLate whether the recording began after nodes had been connected
   */
  constructor(
    requests: RecordedRequests,
    connections: ReplayConnections,
    summary: ReplaySummary,
    { strict, isLate }: { readonly strict: boolean; readonly isLate: boolean },
  ) {
    this.#requests = requests;
    this.#connections = connections;
    this.#summary = summary;
    this.#strict = strict;
    this.#isLate = isLate;
  }

  /** The answer that the recording implies; undefined if there is none. `at` is the recorded time. */
  answer(live: LiveConnection, line: string, at: number): string[] | undefined {
    const answer = this.#connections.stateOf(live.node).answer(line, at);
    const isRead = line.startsWith("read ");
    if (answer && !(isRead && this.#strict)) {
      if (isRead) this.#summary.fromState += 1;
      return answer;
    }
    const unchanged = this.#isBefore ? this.#connections.stateOf(live.node).unchanged(line) : undefined;
    if (unchanged !== undefined) {
      if (line.startsWith("change ")) this.#summary.fromBefore += 1;
      return [unchanged];
    }
    const checked = checkedAsChange(this.#requests, live.node, line);
    return checked === undefined ? undefined : [checked];
  }

  /**
   * Whether the replay is still before the beginning of a late recording, which holds only the state that the
   * node had by then.
   */
  get #isBefore(): boolean {
    return this.#isLate && !this.#requests.anyAnchorAsked;
  }

  /** The answer that refuses the request, with what was recorded instead. */
  refuse(live: LiveConnection, line: string): string[] {
    const text = refusalText(this.#requests, live.node, line, this.#isBefore ? LATE_ADVICE : undefined);
    this.#summary.refused.push(text);
    return [refusal(line, text)];
  }
}
