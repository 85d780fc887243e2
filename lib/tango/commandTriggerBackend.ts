/** The backend of a signal that executes a Tango command. */

import type { LostConnection } from "../core/protocols/lostConnection";
import type { Reading } from "../core/protocols/protocols";
import type { DataKeyBody, PutOptions, SignalBackend } from "../core/signal/signalBackend";
import { SoftSignalBackend } from "../core/signal/softSignal";
import { Status } from "../core/status/status";
import { UsageError } from "../errors";
import type { TangoCommand } from "./tangoCommand";

/** Makes a command usable as a `SignalX`: triggering the signal executes the command. */
export class CommandTriggerBackend implements SignalBackend<void> {
  readonly units = "";
  readonly #command: TangoCommand<undefined>;

  constructor(command: TangoCommand<undefined>) {
    this.#command = command;
  }

  source(): string {
    return this.#command.source;
  }

  async connect(timeout: number | undefined): Promise<void> {
    await this.#command.connect(timeout === undefined ? {} : { timeout });
  }

  put(_value: unknown, options?: PutOptions): Status {
    const { place } = this.#command;
    return Status.from(() => this.#command.trigger(options).then(() => undefined), place);
  }

  getDataKey(): DataKeyBody {
    throw this.#noValue();
  }

  getReading(): Reading<void> {
    throw this.#noValue();
  }

  getSetpoint(): void {
    throw this.#noValue();
  }

  setCallback(): void {}

  lostConnection(): LostConnection | undefined {
    return this.#command.lostConnection();
  }

  async pingConnection(): Promise<void> {
    await this.#command.pingConnection();
  }

  mock(): SignalBackend<void> {
    return new SoftSignalBackend<void>(undefined);
  }

  dispose(): void {
    void this.#command.dispose();
  }

  #noValue(): UsageError {
    return new UsageError(`${this.#command.place} is a command and has no value: use trigger()`);
  }
}
