/** The nodes that were connected before a recording began, and connect again for it. */

import { type ClockTimer, realClock } from "../../clock";
import { nodeKey } from "../../secop/wire/nodeKey";

/** The longest wait for these nodes, in seconds: one of them may be gone. */
const LONGEST = 5;

/** The nodes that have not connected again yet. */
export class JoinedNodes {
  /** Whether any nodes were expected. */
  any = false;
  /** Resolves when they are connected, and at the latest after 5 s. */
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
