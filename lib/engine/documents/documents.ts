/** The documents of event-model as types: what a run emits and every consumer receives. */

// Keys are snake_case as in the schema, so Python tools can read files of these documents.
//
// @see https://blueskyproject.io/event-model

import type { DataValue } from "../../core/protocols/dataValue";
import type { DataKey, DataKeys, Hints } from "../../core/protocols/protocols";
import type { ExitStatus } from "../planErrors";

export type { ExitStatus };

/** The first document of a run, with its metadata (event-model `run_start`). */
export interface RunStart {
  /** The id of the run, which all its other documents name. */
  readonly uid: string;
  /** Unix seconds. */
  readonly time: number;
  /** The number of the run in this folder or session. */
  readonly scan_id?: number;
  /** How views show the run: its dimensions, from the slowest to the fastest. */
  readonly hints?: Hints;
  /** The name of the plan's function. */
  readonly plan_name?: string;
  /** What the plan is, for example "generator". */
  readonly plan_type?: string;
  /** The names of the devices that are read. */
  readonly detectors?: readonly string[];
  /** The names of the devices that are moved. */
  readonly motors?: readonly string[];
  /** How many events the plan means to make. */
  readonly num_points?: number;
  readonly [key: string]: unknown;
}

/** Describes the events of one stream of a run (event-model `event_descriptor`). */
export interface EventDescriptor {
  /** The id of the descriptor, which its events name. */
  readonly uid: string;
  /** Unix seconds. */
  readonly time: number;
  /** The uid of the run. */
  readonly run_start: string;
  /** What is in the events, by the names of the values. */
  readonly data_keys: DataKeys;
  /** Name of the stream. */
  readonly name: string;
  /** The fields that views show first, by device. */
  readonly hints: Record<string, Hints>;
  /** The configuration of each device when the stream began. */
  readonly configuration: Record<
    string,
    {
      readonly data: Record<string, DataValue>;
      readonly timestamps: Record<string, number>;
      readonly data_keys: DataKeys;
    }
  >;
  /** The data keys of each device. */
  readonly object_keys: Record<string, readonly string[]>;
  readonly [key: string]: unknown;
}

/** One reading of all devices of a stream (event-model `event`). */
export interface Event {
  /** The id of the event. */
  readonly uid: string;
  /** Unix seconds at which the event was made. */
  readonly time: number;
  /** The uid of its descriptor. */
  readonly descriptor: string;
  /**
   * Counts from 1 in each stream. After a pause a number may come again: the later event replaces the earlier
   * one.
   */
  readonly seq_num: number;
  /** The values by their data keys. */
  readonly data: Record<string, DataValue>;
  /** When each value was measured, in Unix seconds. */
  readonly timestamps: Record<string, number>;
  /** For data from outside: whether the value is here (true), or where it is. */
  readonly filled: Record<string, boolean | string>;
}

/** Many events of one stream, by columns (event-model `event_page`). */
export interface EventPage {
  /** The ids of the events. */
  readonly uid: readonly string[];
  /** Unix seconds of each event. */
  readonly time: readonly number[];
  /** The uid of the descriptor of all of them. */
  readonly descriptor: string;
  /** The number of each event in its stream. */
  readonly seq_num: readonly number[];
  /** The values by their data keys, one an event. */
  readonly data: Record<string, readonly DataValue[]>;
  /** When each value was measured, in Unix seconds. */
  readonly timestamps: Record<string, readonly number[]>;
  /** For data from outside: whether each value is here, or where it is. */
  readonly filled: Record<string, readonly (boolean | string)[]>;
}

/** The last document of a run (event-model `run_stop`). */
export interface RunStop {
  /** The id of this document. */
  readonly uid: string;
  /** Unix seconds. */
  readonly time: number;
  /** The uid of the run. */
  readonly run_start: string;
  /** Whether the plan went to its end ("success"), was aborted, or failed. */
  readonly exit_status: ExitStatus;
  /** Why it was aborted or failed; empty after success. */
  readonly reason: string;
  /** How many events each stream has. */
  readonly num_events: Record<string, number>;
  readonly [key: string]: unknown;
}

/** A file of data from outside (event-model `resource`). */
export interface Resource {
  /** The id of the resource. */
  readonly uid: string;
  /** The name of the format, for example "AD_HDF5". */
  readonly spec: string;
  /** The part of the path that differs between machines. */
  readonly root: string;
  /** The path of the file below `root`. */
  readonly resource_path: string;
  /** What a reader of the format needs beside the path. */
  readonly resource_kwargs: Record<string, unknown>;
  /** The uid of the run. */
  readonly run_start?: string;
  /** How paths are written on the machine that made the file. */
  readonly path_semantics?: "posix" | "windows";
}

/** Where one value is in a resource (event-model `datum`). */
export interface Datum {
  /** The id that stands in events instead of the value. */
  readonly datum_id: string;
  /** The uid of the resource. */
  readonly resource: string;
  /** Where the value is in the resource. */
  readonly datum_kwargs: Record<string, unknown>;
}

/** A file of frames that grows while the run goes on (event-model `stream_resource`). */
export interface StreamResource {
  /** The id of the resource. */
  readonly uid: string;
  /** The data key whose values the file holds. */
  readonly data_key: string;
  /** The format of the file, for example "application/x-hdf5". */
  readonly mimetype: string;
  /** Where the file is. */
  readonly uri: string;
  /** What a reader of the format needs, for example the dataset and its chunks. */
  readonly parameters: Record<string, unknown>;
  /** The uid of the run. */
  readonly run_start?: string;
}

/** Which frames of a stream resource belong to which events (event-model `stream_datum`). */
export interface StreamDatum {
  /** The id of this document. */
  readonly uid: string;
  /** The uid of the file. */
  readonly stream_resource: string;
  /** The uid of the descriptor of the events. */
  readonly descriptor: string;
  /** The frames in the file, from `start` up to but without `stop`. */
  readonly indices: { readonly start: number; readonly stop: number };
  /** The numbers of the events that they belong to, from `start` up to but without `stop`. */
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

/** The name of a kind of document. */
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
