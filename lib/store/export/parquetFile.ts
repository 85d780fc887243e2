/** Apache Parquet and Arrow files: one table each, with units and the documents of the run. */

import { loadLibrary } from "../reading/loadLibrary";
import {
  arrowSchema,
  arrowTable,
  loadArrow,
  schemaMessage,
  type TypedColumn,
  tableMetadata,
  typedColumns,
} from "./arrowSchema";
import type { CollectedRun, CollectedStream } from "./collectRun";
import type { ColumnKind } from "./columnKind";
import type { PartFile } from "./partFile";

type Parquet = typeof import("hyparquet-writer");

/** Rows that are compressed together. */
const ROW_GROUP = 100_000;

/** Writes a stream as a Parquet file, which pandas, pyarrow and DuckDB read with units. */
export async function writeParquet(part: string, run: CollectedRun, stream: CollectedStream): Promise<void> {
  const parquet = await loadLibrary<Parquet>("hyparquet-writer", "Parquet files");
  const arrow = await loadArrow("Parquet files");
  const columns = typedColumns(stream);
  const metadata = tableMetadata(run, stream);
  // pyarrow takes the metadata from the schema of Arrow alone, others from the keys of the file.
  const schema64 = schemaMessage(arrow, arrowSchema(arrow, columns, metadata));
  parquet.parquetWriteFile({
    filename: part,
    columnData: columns.map(({ name, kind, values }) => {
      // A dictionary would make one value of 0 and -0.
      const isPlain = kind.scalar === "number";
      return { name, data: values, ...(isPlain && { encoding: "PLAIN" as const }) };
    }),
    schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(elements)],
    createdBy: "secop-lab",
    rowGroupSize: ROW_GROUP,
    kvMetadata: [{ key: "ARROW:schema", value: schema64 }, ...[...metadata].map(([key, value]) => ({ key, value }))],
  });
}

type SchemaElement = NonNullable<Parameters<Parquet["parquetWriteFile"]>[0]["schema"]>[number];

function elements({ name, kind }: TypedColumn): SchemaElement[] {
  if (!kind.list) return [{ name, repetition_type: "OPTIONAL", ...physical(kind) }];
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...physical(kind) },
  ];
}

function physical({ scalar }: ColumnKind): Pick<SchemaElement, "type" | "converted_type"> {
  switch (scalar) {
    case "number":
      return { type: "DOUBLE" };
    case "integer":
      return { type: "INT64" };
    case "boolean":
      return { type: "BOOLEAN" };
    default:
      return { type: "BYTE_ARRAY", converted_type: "UTF8" };
  }
}

/** Writes a stream as an Arrow file (Feather), which Python maps into memory. */
export async function writeArrow(file: PartFile, run: CollectedRun, stream: CollectedStream): Promise<void> {
  const arrow = await loadArrow("Arrow files");
  const columns = typedColumns(stream);
  const schema = arrowSchema(arrow, columns, tableMetadata(run, stream));
  const table = arrowTable(
    arrow,
    schema,
    columns.map(({ values }) => values),
  );
  file.write(arrow.tableToIPC(table, "file"));
}
