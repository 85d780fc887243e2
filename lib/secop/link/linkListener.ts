/** The listener of a client for its node, passed through supervisor and session to each connection. */

import type { NodeDescription } from "../description/description";
import type { RawMessage } from "../wire/secopMessage";

/**
 * What a connection is for: the first one brings updates, and a second one, if the node allows it, is for
 * requests. The order of messages holds within one connection only.
 */
export type ConnectionRole = "updates" | "requests";

/** Takes the updates of parameters. */
export interface UpdateReceiver {
  /**
   * An `update`, or with `isError` an `error_update`, whose data is JSON text; `over` is the connection it
   * came by.
   */
  receive(specifier: string, json: string | undefined, isError: boolean, over: ConnectionRole): void;
}

/** Called by the link to a node. */
export interface LinkListener {
  readonly updates: UpdateReceiver;
  /** The description arrived. Called before the first update that can be used. */
  described(description: NodeDescription): void;
  /** Any other message that answers no request. */
  message(message: RawMessage): void;
  /** Something could not be used; one line. */
  problem(text: string): void;
  /** The link waits for something, described by `words`; `limit` is the seconds after which it gives up. */
  awaits(words: string, limit: number): void;
  /** The link is there, and there again after each loss. Called before observers of the state are. */
  opened(): void;
  /** The link was lost or closed. Called before observers of the state are. */
  lost(reason: string): void;
  /** Every line that goes out (`>`) or comes in (`<`). Undefined costs nothing. */
  readonly trace?: ((direction: "<" | ">", line: string) => void) | undefined;
}
