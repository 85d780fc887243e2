// A Tango device as this process sees it: its operations, with errors in words.

import type { DeadlineOptions } from "../../core/status/deadline";
import { oneLine } from "../../display/printable";
import { AbortError, errorText } from "../../errors";
import { readAny, type Typed, writeAny } from "../giop/any";
import type { CdrReader, CdrWriter } from "../giop/cdr";
import { ConnectionError } from "../giop/giopConnection";
import { sequence } from "../giop/idlTypes";
import type { ObjectReference } from "../giop/ior";
import { RemoteObject, type Result, SystemException, UserException } from "../giop/remoteObject";
import { type DevError, TangoError } from "../tangoError";
import type { AttributeConfig, AttributeValue, CommandInfo, DeviceInfo } from "../values/deviceIdl";
import * as idl from "../values/deviceIdl";

/** Where a value comes from: the device itself, or the server's polling buffer where it has one. */
export type DevSource = "DEV" | "CACHE_DEV";

/** How long an operation may take, and what it is for, in a sentence "cannot ...". */
export interface CallOptions extends DeadlineOptions {
  readonly what: string;
}

const configs3 = sequence(idl.attributeConfig3);
const configs5 = sequence(idl.attributeConfig5);
const values4 = sequence(idl.attributeValue4);
const values5 = sequence(idl.attributeValue5);
const commands = sequence(idl.commandInfo);
const ALL_ATTRIBUTES = "All attributes_3";

export class DeviceProxy {
  /** `domain/family/member`. */
  readonly name: string;
  readonly #object: RemoteObject;
  /** Devices before Tango 9 have no version 5 of the interface. */
  #version: 4 | 5 = 5;

  constructor(name: string, locate: () => Promise<ObjectReference>) {
    this.name = name;
    this.#object = new RemoteObject(locate);
  }

  /** The present life of the device's server; null while there is no connection. Results tell theirs. */
  get session(): object | null {
    return this.#object.session;
  }

  /** Configurations of these attributes, or of all. */
  attributeConfigs(
    names: readonly string[] | "all",
    options: CallOptions,
  ): Promise<Result<readonly AttributeConfig[]>> {
    const write = (to: CdrWriter) => idl.strings.write(to, names === "all" ? [ALL_ATTRIBUTES] : names);
    return this.#versioned<readonly AttributeConfig[]>(
      () => this.#call("get_attribute_config_5", write, (from) => configs5.read(from), options),
      () =>
        this.#call(
          "get_attribute_config_3",
          write,
          (from) => configs3.read(from).map((config): AttributeConfig => ({ ...config, enum_labels: [] })),
          options,
        ),
    );
  }

  /** Rejects where the device cannot read it; an attribute without a valid value has the quality INVALID. */
  async readAttribute(name: string, source: DevSource, options: CallOptions): Promise<Result<AttributeValue>> {
    const write = (to: CdrWriter) => {
      idl.strings.write(to, [name]);
      idl.devSource.write(to, source);
      writeIdentity(to);
    };
    const { value: values, session } = await this.#versioned<readonly AttributeValue[]>(
      () => this.#call("read_attributes_5", write, (from) => values5.read(from), options),
      () => this.#call("read_attributes_4", write, (from) => values4.read(from), options),
    );
    const [value] = values;
    if (!value) throw new TangoError(`${options.what}: the server sent no value`);
    if (value.err_list.length > 0) throw devFailed(options.what, value.err_list);
    return { value, session };
  }

  async writeAttribute(value: AttributeValue, options: CallOptions): Promise<void> {
    const write = (to: CdrWriter) => {
      values4.write(to, [value]);
      writeIdentity(to);
    };
    await this.#call("write_attributes_4", write, () => undefined, options);
  }

  commands(options: CallOptions): Promise<Result<readonly CommandInfo[]>> {
    return this.#call(
      "command_list_query_2",
      () => {},
      (from) => commands.read(from),
      options,
    );
  }

  command(name: string, options: CallOptions): Promise<Result<CommandInfo>> {
    return this.#call(
      "command_query_2",
      (to) => to.string(name),
      (from) => idl.commandInfo.read(from),
      options,
    );
  }

  /** The result is as it came, of whatever type the device gave it. */
  execute(name: string, argument: Typed, options: CallOptions): Promise<Result<unknown>> {
    const write = (to: CdrWriter) => {
      to.string(name);
      writeAny(to, argument);
      idl.devSource.write(to, "DEV");
      writeIdentity(to);
    };
    return this.#call("command_inout_4", write, readAny, options);
  }

  info(options: CallOptions): Promise<Result<DeviceInfo>> {
    return this.#call(
      "info_3",
      () => {},
      (from) => idl.deviceInfo.read(from),
      options,
    );
  }

  async ping(options: CallOptions): Promise<void> {
    await this.#call(
      "ping",
      () => {},
      () => undefined,
      options,
    );
  }

  /** Gives the connection back; a request afterwards rejects. */
  dispose(): void {
    this.#object.dispose();
  }

  async #versioned<T>(five: () => Promise<Result<T>>, four: () => Promise<Result<T>>): Promise<Result<T>> {
    if (this.#version === 4) return await four();
    try {
      return await five();
    } catch (error) {
      const cause = error instanceof TangoError ? error.cause : null;
      if (!(cause instanceof SystemException) || cause.kind !== "BAD_OPERATION") throw error;
      const result = await four();
      this.#version = 4;
      return result;
    }
  }

  async #call<T>(
    operation: string,
    write: (to: CdrWriter) => void,
    read: (from: CdrReader) => T,
    { what, ...deadline }: CallOptions,
  ): Promise<Result<T>> {
    try {
      return await this.#object.invoke({ operation, write }, read, { ...deadline, what: `${this.name} to answer` });
    } catch (error) {
      throw inWords(what, error);
    }
  }
}

function writeIdentity(to: CdrWriter): void {
  idl.clientIdentity.write(to, { arm: 0, value: process.pid });
}

/** One line that says what could not be done and why. */
function inWords(what: string, error: unknown): unknown {
  if (error instanceof UserException) {
    if (error.id === idl.DEV_FAILED) return devFailed(what, idl.devErrors.read(error.body));
    if (error.id === idl.MULTI_DEV_FAILED)
      return devFailed(
        what,
        idl.namedDevErrors.read(error.body).flatMap(({ err_list }) => err_list),
      );
  }
  const ours = error instanceof ConnectionError || error instanceof SystemException || error instanceof UserException;
  if (ours) return new TangoError(`${what}: ${error.message}`, { cause: error });
  if (error instanceof RangeError)
    return new TangoError(`${what}: what is sent or came is no Tango (${errorText(error)})`, { cause: error });
  // What the database answered is the reason why the device was not found.
  if (error instanceof TangoError)
    return new TangoError(`${what}: ${error.message}`, { errors: error.errors, cause: error });
  if (error instanceof AbortError) return new AbortError(what, error);
  if (error instanceof Error)
    return new (error.constructor as typeof Error)(`${what}: ${error.message}`, { cause: error });
  return error;
}

function devFailed(what: string, errors: readonly DevError[]): TangoError {
  const [first] = errors;
  const words = first
    ? `${oneLine(first.desc, LONGEST).trim()} (${oneLine(first.reason)})`
    : "the server does not say why";
  return new TangoError(`${what}: ${words}`, { errors });
}

/** Characters of a server's words in a message; all of them are in `errors`. */
const LONGEST = 300;
