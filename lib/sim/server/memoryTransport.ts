/** A connection to a simulated node of this process, without any socket. */

import { nextTurn } from "../../clock";
import type { Transport, TransportEvents } from "../../secop/wire/transport/index";
import type { SimulatedNode } from "../node/simulatedNode";
import { ClientSession } from "./clientSession";

/** Connects to the node. Messages arrive in a later turn of the event loop, as those of a socket do. */
export function connectInMemory(node: SimulatedNode, events: TransportEvents): Transport {
  let waiting: string[] = [];
  let cancel: (() => void) | undefined;
  const deliver = () => {
    cancel = undefined;
    const lines = waiting;
    waiting = [];
    for (const line of lines) events.line(line);
  };
  const session = new ClientSession(node, (line) => {
    waiting.push(line);
    cancel ??= nextTurn(deliver);
  });
  return {
    send: (line) => session.handle(line),
    close: () => {
      session.close();
      cancel?.();
      waiting = [];
    },
  };
}
