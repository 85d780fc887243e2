/** Mocked commands, and what tests do with them: look at executions and play the hardware. */

import { UsageError } from "../../errors";
import { OrderedCalls } from "./orderedCalls";

/** Replaces the hardware of a mocked command. */
export interface CommandStandIn {
  /** Throws if the argument does not fit. */
  readonly check?: (argument: unknown) => void;
  /** Makes the result if no callback plays the hardware. Default: undefined. */
  readonly result?: () => unknown;
}

/** Records the arguments of a mocked command, and plays its hardware. */
export class MockCommand {
  readonly calls = new OrderedCalls<unknown>();
  onExecute: ((argument: never) => unknown) | null = null;
  readonly #standIn: CommandStandIn;

  constructor(standIn: CommandStandIn) {
    this.#standIn = standIn;
  }

  /** Rejects with the error of `check`, or of the function that plays the hardware. */
  async execute(argument: unknown): Promise<unknown> {
    this.#standIn.check?.(argument);
    this.calls.add(argument);
    const answer = await this.onExecute?.(argument as never);
    return answer ?? this.#standIn.result?.();
  }
}

/** The mock of each command, by the object that users call. */
const mocks = new WeakMap<object, () => MockCommand | null>();

/** @internal `mock` returns the mock while the command is mocked, else null. */
export function registerMock(command: object, mock: () => MockCommand | null): void {
  mocks.set(command, mock);
}

/** The arguments of all executions so far, oldest first; undefined where the command takes no argument. */
export function mockExecutions(command: object): readonly unknown[] {
  return mockOf(command).calls.values;
}

/**
 * Plays the hardware: `fn` is called with the argument at each execution. It returns the result, or throws
 * the failure of the command.
 *
 * @returns a function that removes `fn`.
 */
export function callbackOnMockExecute<A, R>(
  command: { execute(argument: A): PromiseLike<R> },
  fn: (argument: A) => R | Promise<R>,
): () => void {
  const mock = mockOf(command);
  const before = mock.onExecute;
  mock.onExecute = fn;
  return () => {
    mock.onExecute = before;
  };
}

/** The mock of a command; null if it is not mocked, or if this is not a command. */
export function mockedCommand(command: object): MockCommand | null {
  return mocks.get(command)?.() ?? null;
}

function mockOf(command: object): MockCommand {
  const mock = mockedCommand(command);
  if (mock) return mock;
  throw new UsageError("this command is not mocked: connect its device with {mock: true} first");
}
