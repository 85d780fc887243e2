/** The requests of a client: values instead of JSON, and errors that say what was tried. */

import {
  AbortError,
  CommunicationFailedError,
  cannotCheck,
  InternalError,
  isLostInFlight,
  MAY_BE_DONE,
  ReadOnlyError,
  SecopError,
  type SecopErrorOptions,
  SecopTimeoutError,
  secopError,
  WrongTypeError,
} from "../errors";
import { arrivalTime } from "../journal";
import { parseJson } from "../json";
import { type CacheItem, ReportedItem } from "./cache/cacheItem";
import type { NodeCache } from "./cache/nodeCache";
import type { ParameterEntry } from "./cache/parameterEntry";
import { isSettable } from "./description/accessible";
import type { NodeDescription } from "./description/description";
import { findAccessible, findCommand, findParameter } from "./description/findAccessible";
import type { NodeSession, RoutedReply } from "./link/nodeSession";
import type { RequestOptions } from "./link/pendingRequest";
import type { Supervisor } from "./link/supervisor";
import { type Codec, codecFor } from "./values/codecFor";
import { shown } from "./values/codecs/index";
import type { Datainfo } from "./values/datainfo";
import { type ErrorReport, isRefusal, parseErrorReport, reportedError } from "./wire/errorReport";

/** What a node would make of a value that it was asked to check. */
export interface CheckedValue {
  /** Decoded. */
  readonly value: unknown;
  /** Other qualifiers of the reply, as JSON; for example `closest_valid`. */
  readonly qualifiers: ReadonlyMap<string, unknown>;
}

/** The requests of one client. */
export class NodeRequests {
  readonly #supervisor: Supervisor;
  readonly #cache: NodeCache;
  readonly #description: () => NodeDescription;

  constructor(supervisor: Supervisor, cache: NodeCache, description: () => NodeDescription) {
    this.#supervisor = supervisor;
    this.#cache = cache;
    this.#description = description;
  }

  /**
   * The entry of a parameter of the present description; if there is none, the error message begins with
   * `trying` (`cannot read`).
   */
  entry(module: string, parameter: string, trying: string): ParameterEntry {
    findParameter(this.#description(), module, parameter, `${trying} ${module}:${parameter}`);
    const entry = this.#cache.entry(`${module}:${parameter}`);
    if (!entry) throw new InternalError(`${module}:${parameter} is described but not cached`);
    return entry;
  }

  async read(module: string, parameter: string, options?: RequestOptions): Promise<CacheItem> {
    const entry = this.entry(module, parameter, "cannot read");
    if (entry.description.constant !== undefined && entry.item) return entry.item;
    const tried = `cannot read ${entry.key}`;
    const { reply, over } = await this.#request(tried, "read", entry.key, undefined, options);
    if (isRefusal(reply)) {
      const report = parseErrorReport(reply.json);
      const error = reportedError(tried, report, module, parameter);
      this.#cache.store(entry, ReportedItem.ofError(entry.key, error, report.qualifiers, arrivalTime()), over);
      throw error;
    }
    return this.#keep(entry, { reply, over });
  }

  async change(module: string, parameter: string, value: unknown, options?: RequestOptions): Promise<CacheItem> {
    const entry = this.entry(module, parameter, "cannot set");
    const wanted = withUnit(value, entry.description.datainfo);
    const tried = `cannot set ${entry.key} to ${wanted}`;
    if (!isSettable(entry.description)) {
      throw new ReadOnlyError(`${tried}: it is ${entry.description.readonly ? "read-only" : "constant"}`, {
        module,
        accessible: parameter,
      });
    }
    const wire = encode(tried, entry.codec, value);
    const answer = await this.#request(tried, "change", entry.key, wire, options);
    refuseError(tried, answer, module, parameter);
    const item = await this.#changed(entry, wanted, answer, options);
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
    const { result } = description;
    return result ? decodeReport(`${key} was done, but its result is lost`, codecFor(result), answer).value : null;
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
    const error = (text: string) => reportedError(text, withClosest(report, info, codec), module, accessible);
    throw cannotCheck(error(refused)) ? error(tried) : error(refused);
  }

  async ping(options?: RequestOptions): Promise<number> {
    const tried = "cannot ping";
    const session = this.#session(tried);
    return session.ping(options).catch((error) => fail(tried, error, options));
  }

  /**
   * Reads the status after a reply over the second connection: the status update that precedes it (BUSY, says
   * the spec) may arrive later over the first one (spec: "Correct handling of side-effects").
   */
  async #settleStatus(module: string, { over }: RoutedReply, options: RequestOptions | undefined): Promise<void> {
    const status = this.#description().modules.get(module)?.accessibles.get("status");
    if (over === "updates" || status?.kind !== "parameter") return;
    // A failure is kept in the cache as the error of the status. What was requested has been done.
    await this.read(module, "status", options).catch(() => {});
  }

  #session(tried: string): NodeSession {
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
  ): Promise<RoutedReply> {
    const session = this.#session(tried);
    return session.request(action, specifier, data, options).catch((error) => {
      // Only a missing reply says something about the accessible; a lost connection does not.
      const [module, accessible] = error instanceof SecopTimeoutError ? specifier.split(":") : [];
      const unsure = isLostInFlight(error) ? UNSURE.get(action) : undefined;
      return fail(tried, error, { ...options, module, accessible, unsure });
    });
  }

  /** The value after a change. A node that answers without it is asked for it. */
  async #changed(
    entry: ParameterEntry,
    wanted: string,
    answer: RoutedReply,
    options: RequestOptions | undefined,
  ): Promise<CacheItem> {
    const { key, module, parameter } = entry;
    try {
      return answer.reply.json === undefined ? await this.read(module, parameter, options) : this.#keep(entry, answer);
    } catch (error) {
      return fail(`${key} was set to ${wanted}, but what it is now is not known`, error, {
        module,
        accessible: parameter,
      });
    }
  }

  #keep(entry: ParameterEntry, { reply, over }: RoutedReply): CacheItem {
    const item = this.#cache.item(entry, reply.json);
    this.#cache.store(entry, item, over);
    if (item.error) throw item.error;
    return item;
  }
}

/** What the node may have done if the answer to a request is lost, by the action of the request. */
const UNSURE: ReadonlyMap<string, string> = new Map([
  ["change", MAY_BE_DONE.set],
  ["do", MAY_BE_DONE.executed],
]);

interface FailedRequest extends RequestOptions, SecopErrorOptions {
  /** What may have been done although there is no answer. */
  readonly unsure?: string | undefined;
}

/** Throws the error with what was tried put before its message. */
function fail(tried: string, error: unknown, options: FailedRequest = {}): never {
  const { signal, module, accessible, unsure } = options;
  if (signal?.aborted && error === signal.reason) throw new AbortError(tried, error);
  if (!(error instanceof SecopError)) throw error;
  const text = [`${tried}: ${error.message}`, unsure].filter((words) => words !== undefined).join("; ");
  throw secopError(error.code, text, { module, accessible, cause: error });
}

function refuseError(tried: string, { reply }: RoutedReply, module: string, accessible: string): void {
  if (isRefusal(reply)) throw reportedError(tried, parseErrorReport(reply.json), module, accessible);
}

function encode(tried: string, codec: Codec, value: unknown): unknown {
  try {
    return codec.encode(value);
  } catch (error) {
    return fail(tried, error);
  }
}

/** Refuses an argument for a command that takes none. */
function withoutArgument(tried: string, argument: unknown): undefined {
  if (argument === undefined || argument === null) return undefined;
  throw new WrongTypeError(`${tried}: the command takes no argument`);
}

/** Adds the closest valid value to a refusal, if the node reports one (SECoP 2.0). */
function withClosest(report: ErrorReport, info: Datainfo | null, codec: Codec | null): ErrorReport {
  const { qualifiers } = report;
  if (!info || !codec || typeof qualifiers !== "object" || qualifiers === null) return report;
  if (!Object.hasOwn(qualifiers, "closest_valid")) return report;
  try {
    const closest = codec.decode((qualifiers as Record<string, unknown>).closest_valid);
    return { ...report, text: `${report.text}, the closest valid value is ${withUnit(closest, info)}` };
  } catch {
    // A hint that cannot be read is left out.
    return report;
  }
}

function decodeReport(tried: string, codec: Codec | null, { reply }: RoutedReply): CheckedValue {
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
