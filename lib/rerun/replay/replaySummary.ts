/** Counts what a replay could answer, and says so in one line. */

import { counted } from "../../display/number";
import { oneLine } from "../../printable";
import type { RecordedRequests } from "./recordedRequests";

export class ReplaySummary {
  readonly #name: string;
  /** How many requests were answered as recorded. */
  asRecorded = 0;
  /** How many reads were answered from the state, because the recording has no such request at that place. */
  fromState = 0;
  /** How many changes set what the node already had when the recording began. */
  fromBefore = 0;
  /** The sentences of the requests that were refused. */
  readonly refused: string[] = [];
  /** The request from which on the nodes were simulated; undefined if they were not. */
  simulatedSince: string | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * `replayed oven.rec: 13 requests as recorded, 2 reads from the state, 0 refused; never asked: 1 change`.
   */
  text(requests: RecordedRequests): string {
    const left = [...requests.all].filter(({ asked }) => !asked);
    const anchors = left.filter(({ isAnchor }) => isAnchor);
    const reads = left.filter(({ action }) => action === "read");
    const never = [
      ...(anchors.length > 0
        ? [`${anchors.length} change${anchors.length === 1 ? " or command" : "s or commands"}`]
        : []),
      ...(reads.length > 0 ? [counted(reads.length, "read")] : []),
    ];
    const rest = this.simulatedSince === undefined ? "" : `; simulated from "${this.simulatedSince}" on`;
    const before = this.fromBefore > 0 ? `; ${counted(this.fromBefore, "change")} from before the recording` : "";
    const first = anchors[0] ? ` (${oneLine(anchors[0].key, 60)})` : "";
    const tail = never.length > 0 ? `; never asked: ${never.join(", ")}${first}` : "";
    return (
      `replayed ${this.#name}: ${counted(this.asRecorded, "request")} as recorded, ` +
      `${counted(this.fromState, "read")} from the state, ${this.refused.length} refused${before}${tail}${rest}`
    );
  }
}
