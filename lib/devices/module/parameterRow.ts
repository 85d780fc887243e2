import { limitsText, SETTABLE } from "../../core/device/deviceDisplay";
import { formatValue } from "../../display/formatValue";
import { type Html, html } from "../../display/html";
import { formatNumber } from "../../display/number";
import type { TableColumn } from "../../display/table";
import type { ParameterDescription } from "../../secop/description/description";
import type { Datainfo } from "../../secop/values/datainfo";
import { limitsOf, unitOf } from "./dataKey";
import type { ModuleHandle } from "./moduleHandle";
import { numberStyle } from "./numberStyle";
import { statusText } from "./statusText";

/** A row of a module's table, in cells of plain text. */
export interface ParameterRow {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly limits: string;
  readonly description: string;
  /** Why the value is none, or out of date. */
  readonly trouble: string;
  readonly isStale: boolean;
}

export const PARAMETER_COLUMNS: readonly TableColumn[] = [
  { title: "parameter", align: "left" },
  { title: "value" },
  { title: "unit", align: "left", mute: true },
  { title: "limits", mute: true },
  { title: "description", align: "left", mute: true, wrap: true },
];

/** What is known of a parameter now. `told` is what its reader knows already: why all values of the module are out of date. */
export function parameterRow(handle: ModuleHandle, parameter: ParameterDescription, told = ""): ParameterRow {
  const { name, datainfo, description } = parameter;
  const item = handle.known(name);
  const retired = handle.defunct ?? handle.retired.get(name);
  const stale = item?.stale || "";
  const trouble = retired?.message ?? item?.error?.message ?? (stale === told ? "" : stale);
  const settable = !parameter.readonly && parameter.constant === undefined;
  return {
    name: name + (settable ? SETTABLE : ""),
    value: item?.error || !item ? (item ? "no value" : "–") : valueText(handle, name, datainfo, item.value),
    unit: unitOf(datainfo, handle.mainUnit()),
    limits: limits(datainfo),
    description: description.split("\n", 1)[0] ?? "",
    trouble,
    isStale: stale !== "",
  };
}

/** The cells for HTML: what is wrong stands where the description is. */
export function htmlCells(row: ParameterRow): (string | Html)[] {
  const { name, value, unit, limits, description, trouble, isStale } = row;
  const isGood = trouble === "" && !isStale;
  return [
    name,
    isGood ? value : html`<span class="mute">${value}</span>`,
    unit,
    limits,
    trouble === "" ? description : html`<span class="dot bad"></span>${trouble}`,
  ];
}

export function textCells({ name, value, unit, limits, description, trouble }: ParameterRow): string[] {
  return [name, value, unit, limits, trouble === "" ? description : `! ${trouble}`];
}

function valueText(handle: ModuleHandle, name: string, datainfo: Datainfo, value: unknown): string {
  const status = name === "status" ? handle.status() : undefined;
  if (status) return statusText(status);
  return formatValue(value, { ...numberStyle(datainfo), width: 40 });
}

function limits(datainfo: Datainfo): string {
  if (datainfo.type === "enum") {
    const choices = Object.keys(datainfo.members);
    const shown = limitsText({ choices });
    return shown.length <= 40 ? shown : `${choices.length} choices`;
  }
  if (datainfo.type === "string" && datainfo.maxchars !== undefined)
    return `≤ ${formatNumber(datainfo.maxchars)} characters`;
  const control = limitsOf(datainfo);
  return control ? limitsText({ limits: { control } }) : "";
}
