/** A parameter of a simulated module: its value, and the reports that clients receive. */

import { timeNow } from "../../clock";
import { errorText, SecopError } from "../../errors";
import { formatJson } from "../../json";
import { type Codec, codecFor } from "../../secop/values/codecFor";
import type { Datainfo, StructInfo } from "../../secop/values/datainfo";
import { asObject } from "../../secop/values/jsonFields";
import { plainestWireValue } from "../../secop/values/plainestValue";
import { checkedValue } from "./checkedValue";
import type { ParameterDefinition } from "./moduleDefinition";

/** Holds the value or the error of a parameter. */
export class SimParameter {
  readonly name: string;
  readonly definition: ParameterDefinition;
  readonly datainfo: Datainfo;
  readonly #codec: Codec<unknown>;
  #wire: unknown;
  #json: string;
  #error: SecopError | undefined;
  /** Time of the value, in seconds since 1970. */
  #time = timeNow();

  constructor(name: string, definition: ParameterDefinition, datainfo: Datainfo) {
    this.name = name;
    this.definition = definition;
    this.datainfo = datainfo;
    this.#codec = codecFor(datainfo);
    if (definition.constant !== undefined) this.#wire = definition.constant;
    else if (definition.initial !== undefined) this.#wire = this.#codec.encode(definition.initial);
    else this.#wire = plainestWireValue(datainfo);
    this.#json = formatJson(this.#wire);
  }

  get isConstant(): boolean {
    return this.definition.constant !== undefined;
  }

  get isReadonly(): boolean {
    return this.isConstant || (this.definition.readonly ?? true);
  }

  get error(): SecopError | undefined {
    return this.#error;
  }

  /** The value as on the wire. */
  get wire(): unknown {
    return this.#wire;
  }

  get value(): unknown {
    return this.#codec.decode(this.#wire);
  }

  /** Sets the value. Returns whether clients see a difference. */
  set(value: unknown): boolean {
    this.#wire = this.#codec.encode(value);
    const json = formatJson(this.#wire);
    const changed = this.#error !== undefined || json !== this.#json;
    this.#json = json;
    this.#error = undefined;
    this.#time = timeNow();
    return changed;
  }

  /**
   * Sets an error. Returns whether clients see a difference: a repeated error counts once (spec:
   * "error_update").
   */
  fail(error: SecopError): boolean {
    const changed = this.#error?.code !== error.code || this.#error.message !== error.message;
    this.#error = error;
    this.#time = timeNow();
    return changed;
  }

  /** Reads the value from the behaviour. Returns whether clients see a difference. */
  refresh(): boolean {
    const { read } = this.definition;
    if (!read) {
      if (!this.#error) this.#time = timeNow();
      return false;
    }
    try {
      return this.set(read());
    } catch (error) {
      return this.fail(asSecopError(error));
    }
  }

  /** The value for the JSON value of a client. @throws SecopError if it is refused. */
  check(wire: unknown): unknown {
    const complete = this.datainfo.type === "struct" ? withCurrentMembers(this.datainfo, wire, this.#wire) : wire;
    const value = checkedValue(this.datainfo, this.#codec, complete);
    this.definition.check?.(value as never);
    return value;
  }

  /** `[value, {t}]` as JSON text. */
  report(): string {
    return `[${this.#json}, {"t": ${this.#time}}]`;
  }

  /** `[class, text, {t}]` as JSON text. */
  errorReport(error: SecopError): string {
    return formatErrorReport(error, this.#time);
  }
}

/** The error of a behaviour as the node reports it: one that is not a SecopError is an InternalError. */
export function asSecopError(error: unknown): SecopError {
  return error instanceof SecopError ? error : new SecopError("InternalError", errorText(error), { cause: error });
}

/** An error report `[class, text, {t}]` as JSON text. */
export function formatErrorReport(error: SecopError, time = timeNow(), more: object = {}): string {
  return formatJson([error.code, error.message, { t: time, ...more }]);
}

/** Fills in the present values of omitted optional members (spec: "struct"). */
function withCurrentMembers(info: StructInfo, wire: unknown, current: unknown): unknown {
  const [given, present] = [asObject(wire), asObject(current)];
  if (!given || !present || !info.optional) return wire;
  const complete: Record<string, unknown> = Object.create(null);
  for (const name of info.optional) complete[name] = present[name];
  for (const [name, member] of Object.entries(given)) complete[name] = member;
  return complete;
}
