/** A table as the documents of a run, so that it is plotted as a run is. */

import type { DataKey, Document, Event, EventDescriptor, RunStart } from "../engine/documents/documents";
import { UsageError } from "../errors";
import type { LiveOptions } from "./liveOptions";

/** A table: that of a run, one made from it, or anything that has columns with their data keys. */
export interface PlottableTable {
  readonly columns: readonly string[];
  readonly length: number;
  column(name: string): readonly unknown[];
  dataKey(name: string): Pick<DataKey, "units" | "precision" | "dtype" | "shape">;
}

/** Whether a value is a table; a run has documents instead. */
export function isTable(value: unknown): value is PlottableTable {
  const { columns, column, dataKey } = (value ?? {}) as Partial<PlottableTable>;
  return Array.isArray(columns) && typeof column === "function" && typeof dataKey === "function";
}

/** Columns that number the rows or say when they came: they are plotted only if they are named. */
const SERVICE = ["seq_num", "time"];

/** The documents of a table, with the first column along x unless the options say otherwise. */
export function tableDocuments(table: PlottableTable, { x, y }: LiveOptions): Document[] {
  if (table.length === 0) throw new UsageError("plot: the table has no rows");
  const data_keys = Object.fromEntries(
    table.columns.map((name) => [name, { source: "table", ...table.dataKey(name), object_name: name } as DataKey]),
  );
  const shown = table.columns.filter((name) => !SERVICE.includes(name));
  const [first, ...others] = shown;
  const time = table.columns.includes("time") ? table.column("time") : undefined;
  const began = typeof time?.[0] === "number" ? time[0] : 0;
  const start: RunStart = {
    uid: `${table.length} rows`,
    time: began,
    plan_name: "table of",
    ...(x === undefined && y === undefined && first !== undefined && others.length > 0 ? { motors: [first] } : {}),
  };
  const descriptor = {
    uid: "rows",
    time: began,
    run_start: start.uid,
    name: "primary",
    data_keys,
    hints: Object.fromEntries(shown.map((name) => [name, { fields: [name] }])),
    configuration: {},
    object_keys: Object.fromEntries(shown.map((name) => [name, [name]])),
    // A table made by hand has data keys without a source.
  } as unknown as EventDescriptor;
  const columns = table.columns.map((name) => [name, table.column(name)] as const);
  const events = Array.from({ length: table.length }, (_, i): Document => {
    const doc: Event = {
      uid: String(i),
      time: typeof time?.[i] === "number" ? (time[i] as number) : i,
      descriptor: descriptor.uid,
      seq_num: i + 1,
      data: Object.fromEntries(columns.map(([name, values]) => [name, values[i]])) as Event["data"],
      timestamps: {},
      filled: {},
    };
    return { name: "event", doc };
  });
  return [{ name: "start", doc: start }, { name: "descriptor", doc: descriptor }, ...events];
}
