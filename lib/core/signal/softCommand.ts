/** Commands of devices that run a function of this process. */

import { UsageError } from "../../errors";
import { checkOptions } from "../../options";
import { type ConnectOptions, Device } from "../device/device";
import type { Plan } from "../protocols/msg";
import type { SetOptions, SyncOrAsync, Triggerable } from "../protocols/protocols";
import { callPlan, writtenCommand } from "../status/callPlan";
import { deadline } from "../status/deadline";
import { Status } from "../status/status";
import { MockCommand, registerMock } from "./mockCommand";

/** The arguments of `execute`: the argument of the command, if it takes one, and options. */
export type ArgumentGiven<A> = [A] extends [undefined]
  ? [argument?: undefined, options?: SetOptions]
  : [argument: A, options?: SetOptions];

/** The name of a soft command; default: the one that its device gives. */
export interface SoftCommandOptions {
  readonly name?: string;
}

/**
 * A command that runs a function of this process: several signals set in one step, a calibration, a call
 * of a web service.
 *
 * ```ts
 * class Shutter extends Device {
 *   readonly blade = softSignalRw("closed", { choices: ["open", "closed"] });
 *   readonly flash = softCommand(async (seconds: number, signal) => {
 *     await this.blade.set("open");
 *     await setTimeout(1000 * seconds, undefined, { signal });
 *     await this.blade.set("closed");
 *   });
 * }
 * await shutter.flash.execute(0.5); // in a cell
 * yield* shutter.flash.plan(0.5); // in a plan
 * ```
 *
 * @param fn is called with the argument, and with a signal that aborts when the command times out or is
 * aborted.
 */
export function softCommand<A = undefined, R = void>(
  fn: (argument: A, signal: AbortSignal) => SyncOrAsync<R>,
  options: SoftCommandOptions = {},
): SoftCommand<A, R> {
  return new SoftCommand(fn, options.name);
}

/** The device that `softCommand` makes. Its calls run one after the other. */
export class SoftCommand<A = undefined, R = void> extends Device implements Triggerable {
  readonly #fn: (argument: A, signal: AbortSignal) => SyncOrAsync<R>;
  readonly #mock = new MockCommand({});
  #mocked = false;
  /** Settled when all calls so far have ended. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(fn: (argument: A, signal: AbortSignal) => SyncOrAsync<R>, name = "") {
    super(name);
    this.#fn = fn;
    registerMock(this, () => (this.#mocked ? this.#mock : null));
  }

  override async connect({ mock = false }: ConnectOptions = {}): Promise<void> {
    this.#mocked ||= mock;
  }

  /**
   * Succeeds with the result of the function. Fails with the error of the function, after `timeout` seconds
   * (default: never), or when it is aborted.
   */
  execute(...[argument, options = {}]: ArgumentGiven<A>): Status<R> {
    const ended = new AbortController();
    return new Status<R>((resolve, reject) => {
      const what = this.name || "the command";
      checkOptions(what, options, { timeout: true, signal: true });
      const disarm = deadline(options, what, (error) => {
        reject(error);
        ended.abort(error);
      });
      this.#inTurn(() => this.#call(argument as A, ended.signal))
        .then(resolve, reject)
        .finally(disarm);
    }, this.name);
  }

  /** As `execute`, for a command without an argument. */
  trigger(options: SetOptions = {}): Status<R> {
    if (this.#fn.length > 0 && !this.#mocked) {
      return Status.failed(new UsageError(`${this.name || "the command"} takes an argument: use execute(argument)`));
    }
    // The command takes no argument, or is mocked; TypeScript cannot infer this from `A`.
    return this.execute(...([undefined, options] as unknown as ArgumentGiven<A>));
  }

  /** As `execute`, in a plan: `const result = yield* command.plan(argument)`. */
  plan(...given: ArgumentGiven<A>): Plan<R> {
    const name = this.name || "command";
    const { parent } = this;
    return callPlan({ name, parent, written: writtenCommand(name), trigger: () => this.execute(...given) }, name);
  }

  async #call(argument: A, signal: AbortSignal): Promise<R> {
    signal.throwIfAborted();
    return this.#mocked ? ((await this.#mock.execute(argument)) as R) : this.#fn(argument, signal);
  }

  #inTurn(work: () => Promise<R>): Promise<R> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
