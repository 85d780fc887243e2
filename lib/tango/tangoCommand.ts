import { type ConnectOptions, Device } from "../core/device/device";
import type { Plan } from "../core/protocols/msg";
import type { SetOptions, Triggerable } from "../core/protocols/protocols";
import { Connector } from "../core/signal/connector";
import { callPlan, writtenCommand } from "../core/status/callPlan";
import { Status } from "../core/status/status";
import { $display, type MimeBundle } from "../display/bundle";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { muted } from "../display/muted";
import type { DeviceProxy } from "./link/deviceProxy";
import { acquireProxy } from "./link/proxyPool";
import { type MemberAddress, memberTrl, parseMember } from "./link/trl";
import { TangoError } from "./tangoError";
import { TIMEOUT } from "./tangoSignalBackend";
import { type Argument, argumentOf } from "./values/argument";
import { Misfit } from "./values/basicType";
import { shown } from "./values/conversion";
import type { CommandInfo } from "./values/deviceIdl";
import { expectDatatype, initialOf, type TangoDatatype, type TangoValue } from "./values/tangoDatatype";

/** The types of a command; what is left out is taken as the device has it. */
export interface TangoCommandTypes<A, R> {
  readonly argument?: A;
  readonly result?: R;
}

/** An argument that may be left out where there is none, or none is known. */
export type Given<A> = unknown extends A
  ? [argument?: unknown, options?: SetOptions]
  : [A] extends [undefined]
    ? [argument?: undefined, options?: SetOptions]
    : [argument: A, options?: SetOptions];

/** What a device tells where its program tells nothing. */
const NOTHING: ReadonlySet<string> = new Set(["", "Uninitialised"]);

interface Known {
  readonly proxy: DeviceProxy;
  readonly release: () => void;
  readonly info: CommandInfo;
  readonly argument: Argument;
  readonly result: Argument;
}

/** Makes a command: `tangoCommand("lab/psu/1/Ramp", { argument: Number })`. */
export function tangoCommand<const A extends TangoDatatype | null = null, const R extends TangoDatatype | null = null>(
  trl: string,
  types: TangoCommandTypes<A, R> = {},
): TangoCommand<TangoValue<A>, TangoValue<R>> {
  return new TangoCommand(trl, types);
}

/** A command of a Tango device: `await command.execute(argument)` in a cell, `yield* command.plan(argument)` in a plan. */
export class TangoCommand<A = unknown, R = unknown> extends Device implements Triggerable {
  readonly #address: MemberAddress;
  readonly #types: TangoCommandTypes<unknown, unknown>;
  readonly #known: Connector<Known>;
  #mocked = false;

  constructor(trl: string, types: TangoCommandTypes<unknown, unknown> = {}) {
    super();
    this.#address = parseMember(trl);
    this.#types = types;
    this.#known = new Connector<Known>({
      place: this.place,
      error: TangoError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: ({ release }) => release(),
    });
  }

  /** `domain/family/member/command`. */
  get place(): string {
    return `${this.#address.device.device}/${this.#address.member}`;
  }

  /** `tango://host:port/domain/family/member/command`. */
  get source(): string {
    return memberTrl(this.#address.device, this.#address.member);
  }

  /** What the device tells about it; null before it is connected. */
  get info(): CommandInfo | null {
    return this.#known.item?.info ?? null;
  }

  /** Rejects where the device does not answer, has no such command, or one of other types. */
  override async connect({ mock = false, timeout = TIMEOUT }: ConnectOptions = {}): Promise<void> {
    this.#mocked ||= mock;
    if (!this.#mocked) await this.#known.connect(timeout);
  }

  override async dispose(): Promise<void> {
    this.#known.dispose();
  }

  /** Done, with the result, when the device has answered. Default timeout 10 s; what was begun is not ended by it. */
  execute(...[argument, options = {}]: Given<A>): Status<R> {
    return Status.from(() => this.#execute(argument, options), this.name || this.place);
  }

  /** As `execute`, without an argument. */
  trigger(options: SetOptions = {}): Status<R> {
    return Status.from(() => this.#execute(undefined, options), this.name || this.place);
  }

  /** As `execute`, in a plan: `const result = yield* command.plan(argument)`. */
  plan(...given: Given<A>): Plan<R> {
    const { parent, place } = this;
    const written = writtenCommand(this.name || "command");
    return callPlan({ name: this.name || place, parent, written, trigger: () => this.execute(...given) }, place);
  }

  /** What it takes and gives. */
  override [$display](): MimeBundle {
    const known = this.#known.item;
    const facts = known ? [`takes ${known.argument.words}`, `gives ${known.result.words}`] : ["not connected"];
    const head = { title: this.name || this.place, facts };
    const told = known ? [known.info.in_type_desc, known.info.out_type_desc].filter((text) => !NOTHING.has(text)) : [];
    return displayBundle([headerText(head), ...told].join("\n"), header(head), ...told.map((text) => muted(text)));
  }

  async #execute(value: unknown, { timeout = TIMEOUT, signal }: SetOptions): Promise<R> {
    if (this.#mocked) return (this.#types.result === undefined ? undefined : initialOf(this.#types.result)) as R;
    const { proxy, argument, result } = this.#known.connected;
    const what = `cannot execute ${this.place}${value === undefined ? "" : ` with ${shown(value, "")}`}`;
    try {
      const typed = argument.encode(value);
      const { value: raw } = await proxy.execute(this.#address.member, typed, { timeout, signal, what });
      return result.decode(raw, this.#types.result ?? null) as R;
    } catch (error) {
      throw error instanceof Misfit ? new TangoError(`${what}: ${error.message}`) : error;
    }
  }

  async #open(timeout: number, signal: AbortSignal): Promise<Known> {
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

  #typed(type: number, wanted: unknown, verb: string): Argument {
    const known = argumentOf(type);
    if (!known) throw new TangoError(`${this.place} ${verb} a value of type ${type}, which is not known here`);
    expectDatatype(wanted ?? null, known.datatypes, this.place, `${verb} ${known.words}`);
    return known;
  }
}
