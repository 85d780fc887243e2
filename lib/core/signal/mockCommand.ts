import { UsageError } from "../../errors";

/** What is known of a command without its hardware. */
export interface CommandStandIn {
  /** Throws for an argument that does not fit. */
  readonly check?: (argument: unknown) => void;
  /** What it gives, unless something plays the hardware; default undefined. */
  readonly result?: () => unknown;
}

/** What a mocked command was told, and what plays the hardware for it. */
export class MockCommand {
  readonly executions: unknown[] = [];
  onExecute: ((argument: never) => unknown) | null = null;
  readonly #standIn: CommandStandIn;

  constructor(standIn: CommandStandIn) {
    this.#standIn = standIn;
  }

  /** Rejects with what `check` throws, and with what plays the hardware. */
  async execute(argument: unknown): Promise<unknown> {
    this.#standIn.check?.(argument);
    this.executions.push(argument);
    const answer = await this.onExecute?.(argument as never);
    return answer ?? this.#standIn.result?.();
  }
}

/** By the command as its users have it. */
const mocks = new WeakMap<object, () => MockCommand | null>();

/** @internal `mock` gives the stand-in while the command is mocked. */
export function registerMock(command: object, mock: () => MockCommand | null): void {
  mocks.set(command, mock);
}

/** The arguments a mocked command was executed with so far, oldest first; undefined for a command that takes none. */
export function mockExecutions(command: object): readonly unknown[] {
  return mockOf(command).executions;
}

/** Plays the hardware: `fn` is called with the argument at each execution; what it returns, if anything, is the result, what it throws the failure. Returns the undo. */
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

function mockOf(command: object): MockCommand {
  const mock = mocks.get(command)?.();
  if (mock) return mock;
  throw new UsageError("this command is not mocked: connect its device with {mock: true} first");
}
