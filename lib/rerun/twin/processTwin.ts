/** A twin of a node inside this process: clients reach it without any socket, on the clock of the process. */

import { currentClock } from "../../clock";
import type { OpenTransport, Transport, TransportEvents } from "../../secop/wire/transport/index";
import { SimulatedNode, startClock } from "../../sim/node/index";
import { connectInMemory } from "../../sim/server/index";
import { type TwinParts, twinDefinition } from "../../sim/twin/index";

export class ProcessTwin {
  readonly #node: SimulatedNode;
  readonly #stopClock: () => void;

  /** @param speed simulated seconds per second. @throws UsageError if the description has no modules */
  constructor(parts: TwinParts, speed = 1) {
    const node = new SimulatedNode(twinDefinition({ origin: "of its description", ...parts }));
    this.#node = node;
    // Recorded time goes on for a twin that moves, and not for one at rest.
    const options = {
      get idle() {
        return !node.isBusy;
      },
    };
    this.#stopClock = startClock(speed, (seconds) => node.advance(seconds), currentClock(), options);
  }

  connect(events: TransportEvents): Transport {
    return connectInMemory(this.#node, events);
  }

  readonly open: OpenTransport = (_address, events, signal) => {
    signal.throwIfAborted();
    return Promise.resolve(this.connect(events));
  };

  stop(): void {
    this.#stopClock();
  }
}
