// What we know of a node, kept true by its updates and replies, and told to whoever listens.

import { type Observable, Subject } from "rxjs";
import type { NodeDescription } from "../description/description";
import type { Source } from "../link/nodeSession";
import { parseErrorReport, reportedError } from "../wire/errorReport";
import { type CacheItem, ReportedItem } from "./cacheItem";
import { ParameterTable } from "./nodeCache";
import type { ParameterEntry } from "./parameterEntry";

export interface Update {
  readonly module: string;
  readonly parameter: string;
  readonly item: CacheItem;
}

/** Foreign parameters are told once each, but not without end. */
const MOST_STRANGERS = 100;

export class Mirror {
  readonly table = new ParameterTable();
  readonly #updates = new Subject<Update>();
  readonly #complain: (text: string) => void;
  readonly #strangers = new Set<string>();
  #described = false;

  /** `complain` is told one line for everything that cannot be used. */
  constructor(complain: (text: string) => void) {
    this.#complain = complain;
  }

  get updates$(): Observable<Update> {
    return this.#updates.asObservable();
  }

  adopt(description: NodeDescription): void {
    this.#described = true;
    this.table.adopt(description, Date.now() / 1000);
    this.#strangers.clear();
  }

  /** Takes an `update` or `error_update`; before there is a description, which a shared line brings, it is of no use. */
  receive(specifier: string, json: string | undefined, isError: boolean, source: Source): void {
    if (!this.#described) return;
    const entry = this.table.entry(specifier) ?? this.#findLoosely(specifier);
    if (!entry || entry.description.constant !== undefined) return;
    const item = isError ? this.#failure(entry, json) : this.item(entry, json);
    this.store(entry, item, source);
  }

  /** The item of a data report. */
  item(entry: ParameterEntry, json: string | undefined): ReportedItem {
    return ReportedItem.ofData(entry.key, json, entry.codec, Date.now() / 1000);
  }

  /** Keeps an item, unless a newer one outran it, and tells it, unless it is the same again. */
  store(entry: ParameterEntry, item: ReportedItem, source: Source): void {
    const last = entry.item;
    if (!entry.accept(item, source) || (last && item.repeats(last))) return;
    this.#tell(entry, item);
    for (const shifted of entry.shifted) {
      const moved = shifted.item?.recoded(shifted.codec);
      if (!moved) continue;
      shifted.item = moved;
      this.#tell(shifted, moved);
    }
  }

  close(): void {
    this.#updates.complete();
  }

  #failure(entry: ParameterEntry, json: string | undefined): ReportedItem {
    const report = parseErrorReport(json);
    const error = reportedError(`no value of ${entry.key}`, report, entry.module, entry.parameter);
    return ReportedItem.ofError(entry.key, error, report.qualifiers, Date.now() / 1000);
  }

  /** Extra parts of a specifier are to be ignored; a module alone is its value. */
  #findLoosely(specifier: string): ParameterEntry | undefined {
    const [module = "", parameter = "value"] = specifier.split(":");
    const entry = this.table.entry(`${module}:${parameter}`);
    if (!entry && !this.#strangers.has(specifier) && this.#strangers.size < MOST_STRANGERS) {
      this.#strangers.add(specifier);
      this.#complain(`updates of "${specifier.slice(0, 80)}" are ignored: the description has no such parameter`);
    }
    return entry;
  }

  #tell(entry: ParameterEntry, item: CacheItem): void {
    for (const listener of entry.listeners) listener(item);
    if (this.#updates.observed) this.#updates.next({ module: entry.module, parameter: entry.parameter, item });
  }
}
