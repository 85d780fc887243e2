/** The nodes that were connected before a recording began, and connect again for it. */

import { type ClockTimer, realClock } from "../../clock";
import { nodeKey } from "../format/nodeKey";

/** Seconds for which they are waited for, at most: one may be gone. */
const LONGEST = 5;

/** Which nodes are still to connect again. */
export class JoinedNodes {
  /** Whether there are any. */
  any = false;
  /** Resolves when they are connected, and at the latest after some seconds. */
  readonly ready: Promise<void>;
  readonly #awaited = new Set<string>();
  #resolve = () => {};
  #limit: ClockTimer | undefined;

  constructor() {
    this.ready = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** These nodes will connect again. */
  expect(uris: readonly string[]): void {
    for (const uri of uris) this.#awaited.add(nodeKey(uri));
    this.any = uris.length > 0;
    if (this.any) this.#limit = realClock.timer(LONGEST, this.#resolve).unref();
    else this.#resolve();
  }

  /** A node has sent its description and values. */
  connected(uri: string): void {
    if (!this.#awaited.delete(nodeKey(uri)) || this.#awaited.size > 0) return;
    this.#limit?.cancel();
    // One turn later, so that the client has first taken in what it was sent.
    realClock.timer(0, this.#resolve);
  }
}
