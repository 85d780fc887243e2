/**
 * The message that a plan yields to the RunEngine, and the plan itself: here, so that devices can offer plans
 * without the engine.
 */

/**
 * One instruction to the RunEngine. `command` and the keys of `kwargs` are bluesky's (`open_run`, `move_on`).
 */
export interface Msg {
  /** What the engine does. */
  readonly command: string;
  /** The device that the command acts on, or `null`. */
  readonly obj: unknown;
  /** The arguments of the command. */
  readonly args: readonly unknown[];
  /** The named arguments of the command. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** The key of the run that the message belongs to, where several are open; null for the default run. */
  readonly run: unknown;
}

const NO_ARGS: readonly unknown[] = Object.freeze([]);
const NO_KWARGS: Readonly<Record<string, unknown>> = Object.freeze({});

/** Makes a message. Arguments that are left out are null or empty. */
export function Msg(
  command: string,
  obj: unknown = null,
  args: readonly unknown[] = NO_ARGS,
  kwargs: Readonly<Record<string, unknown>> = NO_KWARGS,
  run: unknown = null,
): Msg {
  return { command, obj, args, kwargs, run };
}

/** A plan: a generator that yields messages, is sent their results and returns a `T`. */
export type Plan<T = unknown> = Generator<Msg, T, unknown>;
