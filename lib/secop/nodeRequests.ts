// Requests in the words of a caller: values instead of JSON, errors that say what was tried.

import {
  AbortError,
  CommunicationFailedError,
  InternalError,
  ReadOnlyError,
  SecopError,
  type SecopErrorOptions,
  SecopTimeoutError,
  secopError,
  WrongTypeError,
} from "../errors";
import { type CacheItem, ReportedItem } from "./cache/cacheItem";
import type { Mirror } from "./cache/mirror";
import type { ParameterEntry } from "./cache/parameterEntry";
import type { NodeDescription } from "./description/description";
import { findAccessible, findCommand, findParameter } from "./description/findAccessible";
import type { Session, SourcedReply } from "./link/nodeSession";
import type { Reply } from "./link/pendingReplies";
import type { RequestOptions } from "./link/request";
import type { Supervisor } from "./link/supervisor";
import { type Codec, codecFor } from "./values/codecFor";
import { shown } from "./values/codecs/codec";
import type { Datainfo } from "./values/datainfo";
import { type ErrorReport, parseErrorReport, reportedError } from "./wire/errorReport";
import { parseJson } from "./wire/json";

/** What a node makes of a value it was asked to check. */
export interface CheckedValue {
  /** Decoded. */
  readonly value: unknown;
  /** What else the node tells, as JSON: `closest_valid` for example. */
  readonly qualifiers: ReadonlyMap<string, unknown>;
}

export class NodeRequests {
  readonly #supervisor: Supervisor;
  readonly #mirror: Mirror;
  readonly #description: () => NodeDescription;

  constructor(supervisor: Supervisor, mirror: Mirror, description: () => NodeDescription) {
    this.#supervisor = supervisor;
    this.#mirror = mirror;
    this.#description = description;
  }

  /**
   * The entry of a parameter of the present description; `trying` (`cannot read`) begins the message if there is none.
   */
  entry(module: string, parameter: string, trying: string): ParameterEntry {
    findParameter(this.#description(), module, parameter, `${trying} ${module}:${parameter}`);
    const entry = this.#mirror.table.entry(`${module}:${parameter}`);
    if (!entry) throw new InternalError(`${module}:${parameter} is described but not mirrored`);
    return entry;
  }

  async read(module: string, parameter: string, options?: RequestOptions): Promise<CacheItem> {
    const entry = this.entry(module, parameter, "cannot read");
    if (entry.description.constant !== undefined && entry.item) return entry.item;
    const tried = `cannot read ${entry.key}`;
    const { reply, source } = await this.#request(tried, "read", entry.key, undefined, options);
    if (isRefusal(reply)) {
      const report = parseErrorReport(reply.json);
      const error = reportedError(tried, report, module, parameter);
      this.#mirror.store(entry, ReportedItem.ofError(entry.key, error, report.qualifiers, Date.now() / 1000), source);
      throw error;
    }
    return this.#keep(entry, { reply, source });
  }

  async change(module: string, parameter: string, value: unknown, options?: RequestOptions): Promise<CacheItem> {
    const entry = this.entry(module, parameter, "cannot set");
    const tried = `cannot set ${entry.key} to ${withUnit(value, entry.description.datainfo)}`;
    const { constant, readonly } = entry.description;
    if (readonly || constant !== undefined) {
      throw new ReadOnlyError(`${tried}: it is ${readonly ? "read-only" : "constant"}`, {
        module,
        accessible: parameter,
      });
    }
    const wire = encode(tried, entry.codec, value);
    const answer = await this.#request(tried, "change", entry.key, wire, options);
    refuseError(tried, answer, module, parameter);
    const item = this.#keep(entry, answer);
    if (parameter === "target") await this.#settleStatus(module, answer, options);
    return item;
  }

  async do(module: string, command: string, argument: unknown, options?: RequestOptions): Promise<unknown> {
    const key = `${module}:${command}`;
    const description = findCommand(this.#description(), module, command, `cannot do ${key}`);
    const tried = `cannot do ${key}${argument === undefined ? "" : ` with ${shown(argument)}`}`;
    const codec = description.argument && codecFor(description.argument);
    const wire = codec ? encode(tried, codec, argument) : withoutArgument(tried, argument);
    const answer = await this.#request(tried, "do", key, wire, options);
    refuseError(tried, answer, module, command);
    await this.#settleStatus(module, answer, options);
    return description.result ? decodeReport(tried, codecFor(description.result), answer).value : null;
  }

  async check(module: string, accessible: string, value: unknown, options?: RequestOptions): Promise<CheckedValue> {
    const key = `${module}:${accessible}`;
    const tried = `cannot check ${key}`;
    const description = findAccessible(this.#description(), module, accessible, tried);
    const isCommand = description.kind === "command";
    const info = isCommand ? description.argument : description.datainfo;
    const refused = `${key} would refuse ${info ? withUnit(value, info) : shown(value)}`;
    const codec = isCommand ? info && codecFor(info) : this.entry(module, accessible, "cannot check").codec;
    const wire = codec ? encode(refused, codec, value) : withoutArgument(refused, value);
    const answer = await this.#request(tried, "check", key, wire, options);
    if (!isRefusal(answer.reply)) return decodeReport(tried, codec, answer);
    const report = parseErrorReport(answer.reply.json);
    const cannot = UNCHECKED.has(report.code) ? tried : refused;
    throw reportedError(cannot, withClosest(report, info, codec), module, accessible);
  }

  async ping(options?: RequestOptions): Promise<number> {
    const tried = "cannot ping";
    const session = this.#session(tried);
    return session.ping(undefined, options).catch((error) => fail(tried, error, options));
  }

  /**
   * The status update that precedes an answer (BUSY, says the spec) may arrive after it over the other connection: a
   * client with two must read the status (spec: "Correct handling of side-effects").
   */
  async #settleStatus(module: string, { source }: SourcedReply, options: RequestOptions | undefined): Promise<void> {
    const status = this.#description().modules.get(module)?.accessibles.get("status");
    if (source === "first" || status?.kind !== "parameter") return;
    // a status that cannot be read is an error in the cache; what was asked for has been done
    await this.read(module, "status", options).catch(() => {});
  }

  #session(tried: string): Session {
    const { session, state } = this.#supervisor;
    if (session) return session;
    const why = state.name === "closed" ? state.reason : `${state.name}: ${state.reason}`;
    throw new CommunicationFailedError(`${tried}: the node is not connected (${why})`);
  }

  #request(
    tried: string,
    action: string,
    specifier: string,
    data: unknown,
    options: RequestOptions | undefined,
  ): Promise<SourcedReply> {
    const session = this.#session(tried);
    return session.request(action, specifier, data, options).catch((error) => {
      // a lost connection says nothing about the accessible, an answer that does not come may
      const [module, accessible] = error instanceof SecopTimeoutError ? specifier.split(":") : [];
      return fail(tried, error, { ...options, module, accessible });
    });
  }

  #keep(entry: ParameterEntry, { reply, source }: SourcedReply): CacheItem {
    const item = this.#mirror.item(entry, reply.json);
    this.#mirror.store(entry, item, source);
    if (item.error) throw item.error;
    return item;
  }
}

/** Says what was tried before the words of an error. */
function fail(tried: string, error: unknown, options: RequestOptions & SecopErrorOptions = {}): never {
  const { signal, module, accessible } = options;
  if (signal?.aborted && error === signal.reason) throw new AbortError(tried, error);
  if (!(error instanceof SecopError)) throw error;
  throw secopError(error.code, `${tried}: ${error.message}`, { module, accessible, cause: error });
}

/** Whatever follows: a node may mangle the action it echoes. */
function isRefusal(reply: Reply): boolean {
  return reply.action.startsWith("error_");
}

function refuseError(tried: string, { reply }: SourcedReply, module: string, accessible: string): void {
  if (isRefusal(reply)) throw reportedError(tried, parseErrorReport(reply.json), module, accessible);
}

function encode(tried: string, codec: Codec, value: unknown): unknown {
  try {
    return codec.encode(value);
  } catch (error) {
    return fail(tried, error);
  }
}

/** Nothing is sent to a command that takes nothing. */
function withoutArgument(tried: string, argument: unknown): undefined {
  if (argument === undefined || argument === null) return undefined;
  throw new WrongTypeError(`${tried}: the command takes no argument`);
}

/** What a node answers that cannot check, rather than that it would refuse. */
const UNCHECKED = new Set(["NotCheckable", "ProtocolError", "NotImplemented"]);

/** A refusal may name the closest value that would be taken (SECoP 2.0). */
function withClosest(report: ErrorReport, info: Datainfo | null, codec: Codec | null): ErrorReport {
  const { qualifiers } = report;
  if (!info || !codec || typeof qualifiers !== "object" || qualifiers === null) return report;
  if (!Object.hasOwn(qualifiers, "closest_valid")) return report;
  try {
    const closest = codec.decode((qualifiers as Record<string, unknown>).closest_valid);
    return { ...report, text: `${report.text}, the closest valid value is ${withUnit(closest, info)}` };
  } catch {
    // a hint of no use takes nothing from the refusal
    return report;
  }
}

function decodeReport(tried: string, codec: Codec | null, { reply }: SourcedReply): CheckedValue {
  try {
    const report = reply.json === undefined ? null : parseJson(reply.json);
    const [wire, qualifiers] = Array.isArray(report) ? report : [report];
    const isObject = typeof qualifiers === "object" && qualifiers !== null;
    return {
      value: codec ? codec.decode(wire) : wire,
      qualifiers: new Map(isObject ? Object.entries(qualifiers) : []),
    };
  } catch (error) {
    throw new WrongTypeError(`${tried}: the node answered what cannot be used (${String((error as Error).message)})`, {
      cause: error,
    });
  }
}

function withUnit(value: unknown, info: Datainfo): string {
  return typeof value === "number" && "unit" in info && info.unit ? `${value} ${info.unit}` : shown(value);
}
