/** Streams as tables of Apache Arrow, with their units and the metadata of the run. */

import type { Field, RecordBatch, Schema, Table } from "apache-arrow";
import type { DataKey } from "../../engine/documents/documents";
import { plainJson } from "../files/documentLine";
import { loadLibrary } from "../reading/loadLibrary";
import { type CollectedRun, type CollectedStream, exitStatus } from "./collectRun";
import { type ColumnKind, cellValue, columnKind, tableNames } from "./columnKind";

export type Arrow = typeof import("apache-arrow");

export const loadArrow = (what: string): Promise<Arrow> => loadLibrary<Arrow>("apache-arrow", what);

/** A column with its type and its values as Arrow and Parquet take them. */
export interface TypedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly values: unknown[];
  /** Units and the like. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The columns of a stream: `seq_num`, `time`, and the data keys. */
export function typedColumns({ keys, rows }: CollectedStream): TypedColumn[] {
  const integer: ColumnKind = { scalar: "integer", list: false };
  const number: ColumnKind = { scalar: "number", list: false };
  const names = tableNames(keys.keys());
  const time = { units: "s", description: "seconds since 1970-01-01 UTC" };
  return [
    { name: "seq_num", kind: integer, values: rows.map((row) => BigInt(row.seq_num)), metadata: {} },
    { name: "time", kind: number, values: rows.map((row) => row.time), metadata: time },
    ...[...keys].map(([id, key]) => {
      const values = rows.map(({ data }) => data[id]);
      const kind = columnKind(key, values);
      const name = names.get(id) ?? id;
      return { name, kind, values: values.map((value) => cellValue(value, kind)), metadata: keyMetadata(key) };
    }),
  ];
}

function keyMetadata({ units, precision, source }: DataKey): Record<string, string> {
  const given = Object.entries({ units, precision, source }).filter(([, value]) => value != null && value !== "");
  return Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
}

/**
 * The metadata of a table: the documents under `bluesky:start`, `bluesky:stop` and `bluesky:descriptor`, and
 * what pandas shows as `attrs`.
 */
export function tableMetadata({ start, stop }: CollectedRun, stream: CollectedStream): Map<string, string> {
  const units = Object.fromEntries([...stream.keys].flatMap(([name, key]) => (key.units ? [[name, key.units]] : [])));
  const { uid, scan_id, plan_name } = start;
  const exit_status = exitStatus(stop);
  const documents = { start, stop, descriptor: stream.descriptors[0] };
  return new Map([
    ["PANDAS_ATTRS", plainJson({ units, uid, scan_id, plan_name, stream: stream.name, exit_status })],
    ...Object.entries(documents)
      .filter(([, doc]) => doc !== undefined)
      .map(([name, doc]): [string, string] => [`bluesky:${name}`, plainJson(doc)]),
  ]);
}

export function arrowSchema(arrow: Arrow, columns: readonly TypedColumn[], metadata: Map<string, string>): Schema {
  const field = ({ name, kind, metadata: own }: TypedColumn): Field =>
    new arrow.Field(name, columnType(arrow, kind), true, new Map(Object.entries(own)));
  return new arrow.Schema(columns.map(field), metadata);
}

/** The type of a column: nullable values, or nullable lists of them. */
export function columnType(arrow: Arrow, kind: ColumnKind) {
  const scalar = scalarType(arrow, kind);
  return kind.list ? new arrow.List(new arrow.Field("item", scalar, true)) : scalar;
}

function scalarType(arrow: Arrow, { scalar }: ColumnKind) {
  switch (scalar) {
    case "number":
      return new arrow.Float64();
    case "integer":
      return new arrow.Int64();
    case "boolean":
      return new arrow.Bool();
    default:
      return new arrow.Utf8();
  }
}

/** A table of one batch. */
export function arrowTable(arrow: Arrow, schema: Schema, columns: readonly (readonly unknown[])[]): Table {
  const children = schema.fields.map((field, i) => {
    const values = columns[i] ?? [];
    // A vector without values has no data of its own.
    const [data] = values.length > 0 ? arrow.vectorFromArray(values as unknown[], field.type).data : [];
    return data ?? arrow.makeData({ type: field.type as never, length: 0 } as never);
  });
  const type = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type, length: columns[0]?.length ?? 0, nullCount: 0, children: children as never });
  const batch: RecordBatch = new arrow.RecordBatch(schema, data as never);
  return new arrow.Table(schema, [batch]);
}

/** The schema as a bare message of Arrow, in base64, as Parquet files and Tiled take it. */
export function schemaMessage(arrow: Arrow, schema: Schema): string {
  const stream = arrow.tableToIPC(new arrow.Table(schema), "stream");
  // 0xFFFFFFFF, the length of the message, and the message.
  const length = 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
  return Buffer.from(stream.subarray(0, length)).toString("base64");
}
