/**
 * The known values of a node: the last item of every parameter, kept up to date by updates and replies, and
 * passed to listeners.
 */

import { type Observable, Subject } from "rxjs";
import { timeNow } from "../../clock";
import { arrivalTime, isJournaled } from "../../journal";
import type { NodeDescription, ParameterDescription } from "../description/description";
import type { ConnectionRole, UpdateReceiver } from "../link/linkListener";
import { parseErrorReport, reportedError } from "../wire/errorReport";
import type { Cache, Update } from "./cache";
import { type CacheItem, ReportedItem, type TimeUnit } from "./cacheItem";
import { offsetOf } from "./offset";
import { ParameterEntry } from "./parameterEntry";

/** The most parameters without a description that are reported, each once. */
const MOST_UNDESCRIBED = 100;

/** Keeps the items of one node. */
export class NodeCache implements Cache, UpdateReceiver {
  readonly #entries = new Map<string, ParameterEntry>();
  readonly #updates = new Subject<Update>();
  readonly #complain: (text: string) => void;
  /** Specifiers that the description lacks and that were reported. */
  readonly #undescribed = new Set<string>();
  #isDescribed = false;
  #arrival: number | undefined;
  #saidTimeUnit = false;

  /** `complain` gets one line for every update that cannot be used. */
  constructor(complain: (text: string) => void) {
    this.#complain = complain;
  }

  get size(): number {
    let known = 0;
    for (const entry of this.#entries.values()) if (entry.item) known += 1;
    return known;
  }

  get(module: string, parameter: string): CacheItem | undefined {
    return this.#entries.get(`${module}:${parameter}`)?.item;
  }

  *[Symbol.iterator](): Generator<Update> {
    for (const { module, parameter, item } of this.#entries.values()) if (item) yield { module, parameter, item };
  }

  get updates$(): Observable<Update> {
    return this.#updates.asObservable();
  }

  /** The entry of `module:parameter`. */
  entry(key: string): ParameterEntry | undefined {
    return this.#entries.get(key);
  }

  /** Adopts a description. Parameters that it lacks stay known, but stale. */
  adopt(node: NodeDescription): void {
    const now = timeNow();
    const gone = new Map(this.#entries);
    for (const module of node.modules.values()) {
      const described = [...module.accessibles.values()].filter((a) => a.kind === "parameter");
      for (const description of described) gone.delete(this.#entryFor(module.name, description).key);
      for (const description of described) {
        const entry = this.#entryFor(module.name, description);
        const offset = offsetOf(module, description.name);
        entry.adopt(description, offset === undefined ? undefined : this.#entries.get(`${module.name}:${offset}`));
        if (description.constant === undefined) continue;
        entry.item = ReportedItem.ofConstant(entry.key, description.constant, now);
      }
    }
    for (const { item } of gone.values()) if (item) item.stale = "the node has no such parameter any more";
    this.#undescribed.clear();
    this.#isDescribed = true;
  }

  /** Marks everything as no longer kept up to date. Constants stay valid. */
  makeStale(reason: string): void {
    for (const { item, description } of this.#entries.values()) {
      if (item && description.constant === undefined) item.stale ||= reason;
    }
  }

  /**
   * Takes an update. One that arrives before the description, as on a line that several clients share, is
   * ignored.
   */
  receive(specifier: string, json: string | undefined, isError: boolean, over: ConnectionRole): void {
    if (!this.#isDescribed) return;
    const entry = this.#entries.get(specifier) ?? this.#findLoosely(specifier);
    if (!entry || entry.description.constant !== undefined) return;
    const item = isError ? this.#errorItem(entry, json) : this.item(entry, json);
    this.store(entry, item, over);
  }

  /** The item of a data report. */
  item(entry: ParameterEntry, json: string | undefined): ReportedItem {
    return ReportedItem.ofData(entry.key, json, entry.codec, this.#arrivalTime());
  }

  /**
   * Keeps an item unless a newer one overtook it, and passes it to listeners unless it repeats the last one.
   */
  store(entry: ParameterEntry, item: ReportedItem, over: ConnectionRole): void {
    if (item.timeUnit) this.#sayTimeUnit(item.timeUnit, entry.key);
    const last = entry.item;
    if (!entry.accept(item, over) || (last && item.repeats(last))) return;
    this.#publish(entry, item);
    for (const shifted of entry.shifted) {
      const moved = shifted.item?.recoded(shifted.codec);
      if (!moved) continue;
      shifted.item = moved;
      this.#publish(shifted, moved);
    }
  }

  /** Completes `updates$`; the known items stay. */
  close(): void {
    this.#updates.complete();
  }

  #errorItem(entry: ParameterEntry, json: string | undefined): ReportedItem {
    const report = parseErrorReport(json);
    const error = reportedError(`no value of ${entry.key}`, report, entry.module, entry.parameter);
    return ReportedItem.ofError(entry.key, error, report.qualifiers, arrivalTime());
  }

  /** Ignores extra parts of a specifier, as the spec demands; a module alone stands for its value. */
  #findLoosely(specifier: string): ParameterEntry | undefined {
    const [module = "", parameter = "value"] = specifier.split(":");
    const entry = this.#entries.get(`${module}:${parameter}`);
    if (!entry && !this.#undescribed.has(specifier) && this.#undescribed.size < MOST_UNDESCRIBED) {
      this.#undescribed.add(specifier);
      this.#complain(`updates of "${specifier.slice(0, 80)}" are ignored: the description has no such parameter`);
    }
    return entry;
  }

  /**
   * The arrival time of the messages that are handled now. Many messages arrive in one chunk, so the clock is
   * read once for those that are handled without a break.
   */
  #arrivalTime(): number {
    if (isJournaled()) return arrivalTime();
    if (this.#arrival === undefined) {
      this.#arrival = arrivalTime();
      queueMicrotask(() => {
        this.#arrival = undefined;
      });
    }
    return this.#arrival;
  }

  #sayTimeUnit(unit: TimeUnit, key: string): void {
    if (this.#saidTimeUnit) return;
    this.#saidTimeUnit = true;
    this.#complain(`the node sends times in ${unit} (first for ${key}): they are read as such, SECoP has seconds`);
  }

  #publish(entry: ParameterEntry, item: CacheItem): void {
    for (const listener of entry.listeners) listener(item);
    if (this.#updates.observed) this.#updates.next({ module: entry.module, parameter: entry.parameter, item });
  }

  #entryFor(module: string, description: ParameterDescription): ParameterEntry {
    const key = `${module}:${description.name}`;
    const entry = this.#entries.get(key) ?? new ParameterEntry(module, description);
    this.#entries.set(key, entry);
    return entry;
  }
}
