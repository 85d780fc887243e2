/**
 * The message a plan yields to the RunEngine, and the plan itself. They live in core so that a device can offer plans
 * (SECoP commands do) without knowing the engine.
 */

/** bluesky's message. `command` and the keys of `kwargs` are bluesky's (`open_run`, `move_on`), so that plans compare message for message. */
export interface Msg {
  readonly command: string;
  readonly obj: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Which of several open runs is meant; null for the only one. */
  readonly run: unknown;
}

const NO_ARGS: readonly unknown[] = Object.freeze([]);
const NO_KWARGS: Readonly<Record<string, unknown>> = Object.freeze({});

/** Makes a message; what is left out is null or empty. */
export function Msg(
  command: string,
  obj: unknown = null,
  args: readonly unknown[] = NO_ARGS,
  kwargs: Readonly<Record<string, unknown>> = NO_KWARGS,
  run: unknown = null,
): Msg {
  return { command, obj, args, kwargs, run };
}

/** A plan: yields messages, is sent their results, returns `T`. */
export type Plan<T = unknown> = Generator<Msg, T, unknown>;
