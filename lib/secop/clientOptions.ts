// What a caller can say about a client, and what it does if nothing is said.

import { errorText } from "../errors";

/** Where a client tells what it does. `console` is one. */
export interface ClientLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface ClientOptions {
  /** Seconds for connecting and for every request. Default: what the node declares, else 10. */
  readonly timeout?: number | undefined;
  /** Default: warnings and errors to the console. */
  readonly log?: ClientLog | undefined;
  /** Called with every line that goes out (`>`) or comes in (`<`). */
  readonly trace?: ((direction: "<" | ">", line: string) => void) | undefined;
  /** Whether the node keeps values up to date by itself: all (default), those of some modules, or none. */
  readonly activate?: boolean | readonly string[] | undefined;
  /** Default 2: requests get a connection of their own, if the node allows it. */
  readonly connections?: 1 | 2 | undefined;
}

/** Warnings and errors only: a notebook is no log file. */
export const QUIET: ClientLog = {
  debug: () => {},
  info: () => {},
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};

/** A caller's function whose errors are told once instead of thrown. */
export function isolated<A extends unknown[]>(
  fn: (...args: A) => void,
  complain: (text: string) => void,
): (...args: A) => void {
  let failed = false;
  return (...args) => {
    try {
      fn(...args);
    } catch (error) {
      if (!failed) complain(`a listener failed, this is told once: ${errorText(error)}`);
      failed = true;
    }
  };
}
