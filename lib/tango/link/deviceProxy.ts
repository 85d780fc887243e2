/** The operations of a Tango device, with errors as messages for the user. */

import { setTimeout } from "node:timers/promises";
import { timeNow } from "../../clock";
import type { LostConnection } from "../../core/protocols/lostConnection";
import { type DeadlineOptions, withDeadline } from "../../core/status/deadline";
import { errorText, MAY_BE_DONE } from "../../errors";
import { readAny, type TypedValue, writeAny } from "../giop/any";
import type { CdrReader, CdrWriter } from "../giop/cdr";
import { sequence } from "../giop/idlTypes";
import type { ObjectReference } from "../giop/ior";
import { type InvokeResult, RemoteObject, SystemException, UserException } from "../giop/remoteObject";
import { TangoError } from "../tangoError";
import type { AttributeConfig, AttributeValue, TangoCommandInfo, TangoDeviceInfo } from "../values/deviceIdl";
import * as idl from "../values/deviceIdl";
import { type PipeConfig, type PipeData, pipeConfigs, pipeData } from "../values/pipeIdl";
import { devFailed, explained, isServerBusy, isUnreachable, suggestion, whetherDone } from "./deviceErrors";
import { RequestBatcher } from "./requestBatcher";

/** Where a value is read from: the device itself, or the polling buffer of its server if it has one. */
export type DevSource = "DEV" | "CACHE_DEV";

/** How long an operation may take; `what` begins its error messages: "cannot ...". */
export interface CallOptions extends DeadlineOptions {
  readonly what: string;
}

const configs3 = sequence(idl.attributeConfig3);
const configs5 = sequence(idl.attributeConfig5);
const values4 = sequence(idl.attributeValue4);
const values5 = sequence(idl.attributeValue5);
const commands = sequence(idl.commandInfo);
const ALL_ATTRIBUTES = "All attributes_3";
const ALL_PIPES = "All pipes";

/** A client of one Tango device. Its server may be restarted and move; the proxy finds it again. */
export class DeviceProxy {
  /** `domain/family/member`. */
  readonly name: string;
  readonly #object: RemoteObject;
  readonly #reads = new RequestBatcher<AttributeValue, DevSource>(
    (names, source, signal) => this.#readMany(names, source, signal),
    (error) => error instanceof RangeError,
  );
  readonly #configs = new RequestBatcher<AttributeConfig, "config">(
    (names, _group, signal) => this.#configMany(names, { signal }),
    (error) => error instanceof RangeError || error instanceof UserException,
  );
  /** The version of the device's interface: devices older than Tango 9 have version 4. */
  #version: 4 | 5 = 5;
  /** Whether the device has answered a request before. */
  #answered = false;
  #lost: LostConnection | undefined;
  #disposed = false;

  constructor(name: string, locate: () => Promise<ObjectReference>) {
    this.name = name;
    this.#object = new RemoteObject(locate);
  }

  /**
   * The identity of the present connection, see `SessionReply`; undefined while there is none. Results carry
   * their own.
   */
  get session(): object | undefined {
    return this.#object.session;
  }

  /** The connection, while it is lost: the device answered before, and cannot be reached at present. */
  get lostConnection(): LostConnection | undefined {
    return this.#disposed ? undefined : this.#lost;
  }

  /** The configurations of all attributes. */
  async attributeConfigs({ what, ...deadline }: CallOptions): Promise<InvokeResult<readonly AttributeConfig[]>> {
    try {
      return await this.#configMany([ALL_ATTRIBUTES], deadline);
    } catch (error) {
      throw explained(what, error);
    }
  }

  #configMany(names: readonly string[], deadline: DeadlineOptions): Promise<InvokeResult<readonly AttributeConfig[]>> {
    const write = (to: CdrWriter) => idl.stringList.write(to, names);
    return this.#versioned<readonly AttributeConfig[]>(
      () => this.#invoke("get_attribute_config_5", write, (from) => configs5.read(from), deadline),
      () =>
        this.#invoke(
          "get_attribute_config_3",
          write,
          (from) => configs3.read(from).map((config): AttributeConfig => ({ ...config, enum_labels: [] })),
          deadline,
        ),
    );
  }

  /** The configuration of one attribute; requests of the same turn are sent together. */
  attributeConfig(name: string, options: CallOptions): Promise<InvokeResult<AttributeConfig>> {
    return this.#request(this.#configs, name, "config", options).catch(async (error: unknown) => {
      throw await this.#withNearest(error, "API_AttrNotFound", name, async () =>
        (await this.attributeConfigs(options)).value.map((config) => config.name),
      );
    });
  }

  /**
   * Reads one attribute; the reads of the same turn are sent together. Rejects if the device cannot read it;
   * resolves with quality INVALID if it has no valid value.
   */
  readAttribute(name: string, source: DevSource, options: CallOptions): Promise<InvokeResult<AttributeValue>> {
    return this.#request(this.#reads, name, source, options, ({ err_list }) => {
      if (err_list.length > 0) throw devFailed(options.what, err_list);
    });
  }

  /** Without layers of async functions, since a scan may ask for thousands of attributes at once. */
  #request<V, G>(
    batcher: RequestBatcher<V, G>,
    name: string,
    group: G,
    { what, ...deadline }: CallOptions,
    check: (value: V) => void = () => {},
  ): Promise<InvokeResult<V>> {
    return batcher.request(name, group, deadline, `${this.name} to answer`).then(
      ({ value, session }) => {
        if (value === undefined) throw new TangoError(`${what}: the server sent no answer about it`);
        check(value);
        return { value, session };
      },
      (error: unknown) => {
        throw explained(what, error);
      },
    );
  }

  #readMany(
    names: readonly string[],
    source: DevSource,
    signal: AbortSignal,
  ): Promise<InvokeResult<readonly AttributeValue[]>> {
    const write = (to: CdrWriter) => {
      idl.stringList.write(to, names);
      idl.devSource.write(to, source);
      writeIdentity(to);
    };
    return this.#versioned<readonly AttributeValue[]>(
      () => this.#invoke("read_attributes_5", write, (from) => values5.read(from), { signal }),
      () => this.#invoke("read_attributes_4", write, (from) => values4.read(from), { signal }),
    );
  }

  /** Sets the attribute that is named in `value`. If the connection is lost on the way, the error says so. */
  async writeAttribute(value: AttributeValue, options: CallOptions): Promise<void> {
    const write = (to: CdrWriter) => {
      values4.write(to, [value]);
      writeIdentity(to);
    };
    const work = this.#call("write_attributes_4", write, () => undefined, options);
    await work.catch((error: unknown) => {
      throw whetherDone(error, MAY_BE_DONE.set);
    });
  }

  /** The descriptions of all commands. */
  commands(options: CallOptions): Promise<InvokeResult<readonly TangoCommandInfo[]>> {
    return this.#call(
      "command_list_query_2",
      () => {},
      (from) => commands.read(from),
      options,
    );
  }

  /** The description of one command. If the device does not have it, the error names the nearest. */
  async command(name: string, options: CallOptions): Promise<InvokeResult<TangoCommandInfo>> {
    try {
      return await this.#call(
        "command_query_2",
        (to) => to.string(name),
        (from) => idl.commandInfo.read(from),
        options,
      );
    } catch (error) {
      throw await this.#withNearest(error, "API_CommandNotFound", name, async () =>
        (await this.commands(options)).value.map(({ cmd_name }) => cmd_name),
      );
    }
  }

  /** The error, with the name that was probably meant if the device has no member of this one. */
  async #withNearest(error: unknown, reason: string, name: string, list: () => Promise<string[]>): Promise<unknown> {
    if (!(error instanceof TangoError) || error.reason !== reason) return error;
    const hint = suggestion(name, await list().catch(() => []));
    return hint === "" ? error : new TangoError(`${error.message}${hint}`, { errors: error.errors, cause: error });
  }

  /**
   * Executes a command. The result has the type with which the device sent it. If the connection is lost on
   * the way, the error says so.
   */
  execute(name: string, argument: TypedValue, options: CallOptions): Promise<InvokeResult<unknown>> {
    const write = (to: CdrWriter) => {
      to.string(name);
      writeAny(to, argument);
      idl.devSource.write(to, "DEV");
      writeIdentity(to);
    };
    return this.#call("command_inout_4", write, readAny, options).catch((error: unknown) => {
      throw whetherDone(error, MAY_BE_DONE.executed);
    });
  }

  /** The descriptions of all pipes; empty if the interface of the device has no pipes. */
  async pipeConfigs(options: CallOptions): Promise<readonly PipeConfig[]> {
    const { what, ...deadline } = options;
    const write = (to: CdrWriter) => idl.stringList.write(to, [ALL_PIPES]);
    try {
      return (await this.#invoke("get_pipe_config_5", write, (from) => pipeConfigs.read(from), deadline)).value;
    } catch (error) {
      if (error instanceof SystemException && error.kind === "BAD_OPERATION") return [];
      throw explained(what, error);
    }
  }

  /** Reads one pipe. */
  readPipe(name: string, options: CallOptions): Promise<InvokeResult<PipeData>> {
    const write = (to: CdrWriter) => {
      to.string(name);
      writeIdentity(to);
    };
    return this.#call("read_pipe_5", write, (from) => pipeData.read(from), options);
  }

  /** The device's class, server and version. */
  info(options: CallOptions): Promise<InvokeResult<TangoDeviceInfo>> {
    return this.#call(
      "info_3",
      () => {},
      (from) => idl.deviceInfo.read(from),
      options,
    );
  }

  /** The name of the device that administers the server of this one. */
  adminName(options: CallOptions): Promise<InvokeResult<string>> {
    return this.#call(
      "_get_adm_name",
      () => {},
      (from) => from.string(),
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

  /** Releases the connection; later requests reject. */
  dispose(): void {
    this.#disposed = true;
    this.#object.dispose();
  }

  async #versioned<T>(
    five: () => Promise<InvokeResult<T>>,
    four: () => Promise<InvokeResult<T>>,
  ): Promise<InvokeResult<T>> {
    if (this.#version === 4) return await four();
    try {
      return await five();
    } catch (error) {
      if (!(error instanceof SystemException) || error.kind !== "BAD_OPERATION") throw error;
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
  ): Promise<InvokeResult<T>> {
    try {
      return await this.#invoke(operation, write, read, deadline);
    } catch (error) {
      throw explained(what, error);
    }
  }

  /**
   * Invokes an operation, again if the server refused it because another client has kept the device busy for
   * 3 s: it had not begun then. Rejects with the errors of `RemoteObject`.
   */
  async #invoke<T>(
    operation: string,
    write: (to: CdrWriter) => void,
    read: (from: CdrReader) => T,
    deadline: DeadlineOptions,
  ): Promise<InvokeResult<T>> {
    const what = `${this.name} to answer`;
    const work = async (signal: AbortSignal) => {
      for (;;) {
        try {
          return await this.#object.invoke({ operation, write }, read, { signal, what });
        } catch (error) {
          if (!isServerBusy(error)) throw error;
        }
      }
    };
    try {
      const result = await withDeadline(work, deadline, what);
      this.#answered = true;
      this.#lost = undefined;
      return result;
    } catch (error) {
      // A device that does not answer in time may only be slow.
      if (this.#answered && isUnreachable(error)) this.#lost ??= this.#lostNow(errorText(error));
      throw error;
    }
  }

  /** Tango has no connection that says when it is there again: the device is pinged until it answers. */
  #lostNow(reason: string): LostConnection {
    const since = timeNow();
    const answers = async (): Promise<void> => {
      while (!this.#disposed) {
        await setTimeout(1000 * PING_PAUSE, undefined, { ref: false });
        const isThere = await this.ping({ what: "", timeout: PING_LIMIT }).then(
          () => true,
          () => false,
        );
        if (isThere) return;
      }
    };
    return { place: this.name, reason, since, restored: answers() };
  }
}

/** Seconds between two pings of a device that is gone, and seconds that one may take. */
const PING_PAUSE = 0.5;
const PING_LIMIT = 3;

function writeIdentity(to: CdrWriter): void {
  idl.clientIdentity.write(to, { discriminator: 0, value: process.pid });
}
