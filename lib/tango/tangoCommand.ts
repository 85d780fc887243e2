/** Commands of Tango devices, to be executed in a cell or in a plan. */

import { type ConnectOptions, Device } from "../core/device/device";
import type { LostConnection } from "../core/protocols/lostConnection";
import type { Plan } from "../core/protocols/msg";
import type { SetOptions, Triggerable } from "../core/protocols/protocols";
import { Connector } from "../core/signal/connector";
import { callPlan, writtenCommand } from "../core/status/callPlan";
import { Status } from "../core/status/status";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { $display, type MimeBundle } from "../display/mimeBundle";
import { muted } from "../display/muted";
import { checkOptions } from "../options";
import type { DeviceProxy } from "./link/deviceProxy";
import { acquireProxy } from "./link/proxyPool";
import { type MemberAddress, memberTrl, parseMember } from "./link/trl";
import { TangoError } from "./tangoError";
import { PING_LIMIT, TIMEOUT } from "./tangoSignalBackend";
import { MisfitError } from "./values/basicType";
import { type CommandArgument, commandArgumentOf } from "./values/commandArgument";
import type { TangoCommandInfo } from "./values/deviceIdl";
import { expectDatatype, initialTangoValue, type TangoDatatype, type TangoValue } from "./values/tangoDatatype";
import { tangoValueText } from "./values/valueText";

/** The datatypes of a command's argument and result; a missing one is taken from the device. */
export interface TangoCommandTypes<A, R> {
  readonly argument?: A;
  readonly result?: R;
}

/**
 * The parameters of `execute`. The argument may be omitted if the command takes none or its type is not
 * known.
 */
export type ExecuteArguments<A> = unknown extends A
  ? [argument?: unknown, options?: SetOptions]
  : [A] extends [undefined]
    ? [argument?: undefined, options?: SetOptions]
    : [argument: A, options?: SetOptions];

/** The descriptions that a device sends if its program has none. */
const NO_DESCRIPTION: ReadonlySet<string> = new Set(["", "Uninitialised"]);

/** A connected command, whose types are known. */
interface ConnectedCommand {
  readonly proxy: DeviceProxy;
  readonly release: () => void;
  readonly info: TangoCommandInfo;
  readonly argument: CommandArgument;
  readonly result: CommandArgument;
}

/** Makes a command, for example `tangoCommand("lab/psu/1/Ramp", { argument: Number })`. */
export function tangoCommand<const A extends TangoDatatype | null = null, const R extends TangoDatatype | null = null>(
  trl: string,
  types: TangoCommandTypes<A, R> = {},
): TangoCommand<TangoValue<A>, TangoValue<R>> {
  return new TangoCommand(trl, types);
}

/**
 * A command of a Tango device: write `await command.execute(argument)` in a cell,
 * `yield* command.plan(argument)` in a plan.
 */
export class TangoCommand<A = unknown, R = unknown> extends Device implements Triggerable {
  readonly #address: MemberAddress;
  readonly #types: TangoCommandTypes<unknown, unknown>;
  readonly #connector: Connector<ConnectedCommand>;
  #mocked = false;

  constructor(trl: string, types: TangoCommandTypes<unknown, unknown> = {}) {
    super();
    this.#address = parseMember(trl);
    this.#types = types;
    this.#connector = new Connector<ConnectedCommand>({
      place: this.place,
      error: TangoError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: ({ release }) => release(),
    });
  }

  /** The command's name as it is in errors: `domain/family/member/command`. */
  get place(): string {
    return `${this.#address.device.device}/${this.#address.member}`;
  }

  /** The command's address: `tango://host:port/domain/family/member/command`. */
  get source(): string {
    return memberTrl(this.#address.device, this.#address.member);
  }

  /** The device's description of the command; undefined before it is connected. */
  get info(): TangoCommandInfo | undefined {
    return this.#connector.item?.info;
  }

  /** Rejects if the device does not answer, has no such command, or the command has other types. */
  override async connect({ mock = false, timeout = TIMEOUT }: ConnectOptions = {}): Promise<void> {
    this.#mocked ||= mock;
    if (!this.#mocked) await this.#connector.connect(timeout);
  }

  override async dispose(): Promise<void> {
    this.#connector.dispose();
  }

  override lostConnection(): LostConnection | undefined {
    return this.#connector.item?.proxy.lostConnection;
  }

  override async pingConnection(): Promise<void> {
    const { proxy } = this.#connector.connected;
    await proxy.ping({ timeout: PING_LIMIT, what: `cannot reach ${this.place}` });
  }

  /**
   * Executes the command; the status resolves with the result when the device has answered. The default
   * timeout is 10 s. A timeout ends the waiting, not the command.
   */
  execute(...[argument, options = {}]: ExecuteArguments<A>): Status<R> {
    return Status.from(() => this.#execute(argument, options), this.name || this.place);
  }

  /** Executes the command without an argument, see `execute`. */
  trigger(options: SetOptions = {}): Status<R> {
    return Status.from(() => this.#execute(undefined, options), this.name || this.place);
  }

  /** Executes the command in a plan: `const result = yield* command.plan(argument)`. */
  plan(...given: ExecuteArguments<A>): Plan<R> {
    const { place } = this;
    const written = writtenCommand(this.name || "command");
    // The parent of the call is the command, whose connection may be lost.
    return callPlan({ name: this.name || place, parent: this, written, trigger: () => this.execute(...given) }, place);
  }

  /** Shows the types and descriptions of the argument and the result. */
  override [$display](): MimeBundle {
    const known = this.#connector.item;
    const facts = known ? [`takes ${known.argument.words}`, `gives ${known.result.words}`] : ["not connected"];
    const head = { title: this.name || this.place, facts };
    const descriptions = known ? [known.info.in_type_desc, known.info.out_type_desc] : [];
    const given = descriptions.filter((text) => !NO_DESCRIPTION.has(text));
    return displayBundle([headerText(head), ...given].join("\n"), header(head), ...given.map((text) => muted(text)));
  }

  async #execute(value: unknown, options: SetOptions): Promise<R> {
    checkOptions(this.name || this.place, options, { timeout: true, signal: true });
    const { timeout = TIMEOUT, signal } = options;
    if (this.#mocked)
      return (this.#types.result === undefined ? undefined : initialTangoValue(this.#types.result)) as R;
    const { proxy, argument, result } = this.#connector.connected;
    const what = `cannot execute ${this.place}${value === undefined ? "" : ` with ${tangoValueText(value, "")}`}`;
    try {
      const typed = argument.encode(value);
      const { value: raw } = await proxy.execute(this.#address.member, typed, { timeout, signal, what });
      return result.decode(raw, this.#types.result ?? null) as R;
    } catch (error) {
      throw error instanceof MisfitError ? new TangoError(`${what}: ${error.message}`) : error;
    }
  }

  async #open(timeout: number, signal: AbortSignal): Promise<ConnectedCommand> {
    const { item: proxy, release } = acquireProxy(this.#address.device);
    try {
      const options = { timeout, signal, what: `cannot use ${this.place}` };
      const { value: info } = await proxy.command(this.#address.member, options);
      const argument = this.#typed(info.in_type, this.#types.argument, "takes");
      const result = this.#typed(info.out_type, this.#types.result, "gives");
      return { proxy, release, info, argument, result };
    } catch (error) {
      release();
      throw error;
    }
  }

  #typed(type: number, wanted: unknown, verb: string): CommandArgument {
    const known = commandArgumentOf(type);
    if (!known) throw new TangoError(`${this.place} ${verb} a value of type ${type}, which is not supported`);
    expectDatatype(wanted ?? null, known.datatypes, this.place, `${verb} ${known.words}`);
    return known;
  }
}
