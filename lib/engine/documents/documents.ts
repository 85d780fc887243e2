/**
 * The documents of event-model as types: what a run emits and every consumer receives.
 *
 * Keys are snake_case as in the schema, so Python tools can read files of these documents.
 *
 * @see https://blueskyproject.io/event-model
 */

import type { DataValue } from "../../core/protocols/dataValue";
import type { DataKey, DataKeys, Hints } from "../../core/protocols/protocols";
import type { ExitStatus } from "../planErrors";

export type { ExitStatus };

export interface RunStart {
  readonly uid: string;
  /** Unix seconds. */
  readonly time: number;
  readonly scan_id?: number;
  readonly hints?: Hints;
  readonly plan_name?: string;
  readonly plan_type?: string;
  readonly detectors?: readonly string[];
  readonly motors?: readonly string[];
  readonly num_points?: number;
  readonly [key: string]: unknown;
}

export interface EventDescriptor {
  readonly uid: string;
  readonly time: number;
  readonly run_start: string;
  readonly data_keys: DataKeys;
  /** Name of the stream. */
  readonly name: string;
  readonly hints: Record<string, Hints>;
  readonly configuration: Record<
    string,
    {
      readonly data: Record<string, DataValue>;
      readonly timestamps: Record<string, number>;
      readonly data_keys: DataKeys;
    }
  >;
  readonly object_keys: Record<string, readonly string[]>;
  readonly [key: string]: unknown;
}

export interface Event {
  readonly uid: string;
  readonly time: number;
  readonly descriptor: string;
  /**
   * Counts from 1 in each stream. After a pause a number may come again: the later event replaces the earlier
   * one.
   */
  readonly seq_num: number;
  readonly data: Record<string, DataValue>;
  readonly timestamps: Record<string, number>;
  readonly filled: Record<string, boolean | string>;
}

export interface EventPage {
  readonly uid: readonly string[];
  readonly time: readonly number[];
  readonly descriptor: string;
  readonly seq_num: readonly number[];
  readonly data: Record<string, readonly DataValue[]>;
  readonly timestamps: Record<string, readonly number[]>;
  readonly filled: Record<string, readonly (boolean | string)[]>;
}

export interface RunStop {
  readonly uid: string;
  readonly time: number;
  readonly run_start: string;
  readonly exit_status: ExitStatus;
  readonly reason: string;
  readonly num_events: Record<string, number>;
  readonly [key: string]: unknown;
}

export interface Resource {
  readonly uid: string;
  readonly spec: string;
  readonly root: string;
  readonly resource_path: string;
  readonly resource_kwargs: Record<string, unknown>;
  readonly run_start?: string;
  readonly path_semantics?: "posix" | "windows";
}

export interface Datum {
  readonly datum_id: string;
  readonly resource: string;
  readonly datum_kwargs: Record<string, unknown>;
}

export interface StreamResource {
  readonly uid: string;
  readonly data_key: string;
  readonly mimetype: string;
  readonly uri: string;
  readonly parameters: Record<string, unknown>;
  readonly run_start?: string;
}

export interface StreamDatum {
  readonly uid: string;
  readonly stream_resource: string;
  readonly descriptor: string;
  readonly indices: { readonly start: number; readonly stop: number };
  readonly seq_nums: { readonly start: number; readonly stop: number };
}

/** The type of a document by its name. */
export interface DocumentTypes {
  start: RunStart;
  descriptor: EventDescriptor;
  event: Event;
  event_page: EventPage;
  stop: RunStop;
  resource: Resource;
  datum: Datum;
  stream_resource: StreamResource;
  stream_datum: StreamDatum;
}

export type DocumentName = keyof DocumentTypes;

/** All names of documents. */
export const DOCUMENT_NAMES: readonly DocumentName[] = [
  "start",
  "descriptor",
  "event",
  "event_page",
  "stop",
  "resource",
  "datum",
  "stream_resource",
  "stream_datum",
];

/**
 * A document with its name, as in a run file and in `documents$`. Checking `name` narrows the type of `doc`.
 */
export type Document = { [N in DocumentName]: { readonly name: N; readonly doc: DocumentTypes[N] } }[DocumentName];

/**
 * A consumer of documents, called in the order in which they are made. A promise that it returns delays no
 * run, but the result of the call.
 */
export type DocumentCallback = (
  ...document: { [N in DocumentName]: [name: N, doc: DocumentTypes[N]] }[DocumentName]
) => unknown;

export type { DataKey, DataKeys, Hints };
