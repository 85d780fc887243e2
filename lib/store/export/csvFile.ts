/** Comma-separated values, with a description of the columns beside them. */

import { basename } from "node:path";
import { quotedCell, withoutFormula } from "../../engine/result/csvCell";
import { plainJson, valueText } from "../files/documentLine";
import { type CollectedRun, type CollectedStream, exitStatus } from "./collectRun";
import { tableNames } from "./columnKind";
import type { PartFile } from "./partFile";

/**
 * Writes a stream as RFC 4180 with one heading line: `seq_num`, `time` (seconds since 1970), and the data
 * keys; with `units` the heading is `name (unit)`. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front.
 */
export function writeCsv(file: PartFile, { keys, rows }: CollectedStream, units: boolean): void {
  const names = [...keys.keys()];
  const titles = [...tableNames(names)].map(([key, name]) => {
    const unit = keys.get(key)?.units;
    return units && unit ? `${name} (${unit})` : name;
  });
  file.write(`${["seq_num", units ? "time (s)" : "time", ...titles].map((title) => cell(title)).join(",")}\n`);
  const floats = names.map((name) => keys.get(name)?.dtype === "number");
  let text = "";
  for (const row of rows) {
    const cells = names.map((name, i) => cell(row.data[name], floats[i]));
    text += `${row.seq_num},${number(row.time, true)}${cells.length > 0 ? "," : ""}${cells.join(",")}\n`;
    if (text.length < 1 << 16) continue;
    file.write(text);
    text = "";
  }
  file.write(text);
}

/**
 * The description of a CSV file by the W3C's "CSV on the Web" (`x.csv-metadata.json`): types and units of the
 * columns, and the metadata of the run.
 */
export function csvMetadata(path: string, run: CollectedRun, { name, keys }: CollectedStream): string {
  const names = tableNames(keys.keys());
  const columns = [
    { name: "seq_num", datatype: "integer" },
    { name: "time", datatype: "double", unit: "s", "dc:description": "seconds since 1970-01-01 UTC" },
    ...[...keys].map(([key, { dtype, units, source }]) => ({
      name: names.get(key),
      datatype: { number: "double", integer: "integer", boolean: "boolean", array: "json", string: "string" }[dtype],
      ...(units && { unit: units }),
      source,
    })),
  ];
  const bluesky = { exit_status: exitStatus(run.stop), start: run.start, stop: run.stop, stream: name };
  const metadata = { "@context": "http://www.w3.org/ns/csvw", url: basename(path), tableSchema: { columns }, bluesky };
  return `${plainJson(metadata)}\n`;
}

function cell(value: unknown, isFloat = false): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return number(value, isFloat);
  // An empty text is quoted, so that programs can tell it from a missing value.
  if (value === "") return '""';
  if (typeof value === "string") return quotedCell(withoutFormula(value));
  return quotedCell(typeof value === "object" ? valueText(value) : String(value));
}

function number(value: number, isFloat: boolean): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  return isFloat && Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}
