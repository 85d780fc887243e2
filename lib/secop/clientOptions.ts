/** The options of a client, and its default log. */

import { printable } from "../printable";

/** A log to which a client writes. `console` is one. */
export interface ClientLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Options of a SECoP client. */
export interface ClientOptions {
  /** Seconds for connecting and for every request. Default: what the node declares, else 10. */
  readonly timeout?: number | undefined;
  /** Default: warnings and errors to the console. */
  readonly log?: ClientLog | undefined;
  /** Called with every line that goes out (`>`) or comes in (`<`). */
  readonly trace?: ((direction: "<" | ">", line: string) => void) | undefined;
  /** Whether the node keeps values up to date by itself: all (default), those of some modules, or none. */
  readonly activate?: boolean | readonly string[] | undefined;
  /** Default 2: requests go over a second connection, if the node allows it. */
  readonly connections?: 1 | 2 | undefined;
}

/**
 * The default log: warnings and errors go to the console, where a notebook shows them; the rest is dropped.
 */
export const QUIET: ClientLog = {
  debug: () => {},
  info: () => {},
  warn: (message) => console.warn(printable(message)),
  error: (message) => console.error(printable(message)),
};
