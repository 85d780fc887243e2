/** A parameter as a row of its module's table. */

import { limitsText, SETTABLE } from "../../core/device/deviceDisplay";
import { formatValue } from "../../display/formatValue";
import { type Html, html } from "../../display/html";
import { formatNumber } from "../../display/number";
import { stateSign } from "../../display/statusDot";
import type { TableColumn } from "../../display/table";
import { oneLine } from "../../printable";
import { isSettable } from "../../secop/description/accessible";
import type { ParameterDescription } from "../../secop/description/description";
import type { Datainfo } from "../../secop/values/datainfo";
import { datainfoUnit } from "../../secop/values/datainfoUnit";
import { limitsOf } from "./dataKey";
import { presentInfo } from "./dynamicLimits";
import type { ModuleHandle } from "./moduleHandle";
import { numberStyle } from "./numberStyle";
import { statusText } from "./statusText";

/** The most letters of a description: more would push the values off the screen. */
const LONGEST_DESCRIPTION = 160;

/** The cells of a row, as plain text. */
export interface ParameterRow {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly limits: string;
  readonly description: string;
  /** Why there is no value, or why it is out of date; empty if all is well. */
  readonly trouble: string;
  readonly isStale: boolean;
}

export const PARAMETER_COLUMNS: readonly TableColumn[] = [
  { title: "parameter", align: "left", names: true },
  { title: "value" },
  { title: "unit", align: "left", mute: true },
  { title: "limits", mute: true },
  { title: "description", align: "left", mute: true, wrap: true },
];

/**
 * The row of a parameter by its last known value.
 *
 * @param shownAbove why all values of the module are out of date, if the display says so already: the row
 *   omits it.
 */
export function parameterRow(handle: ModuleHandle, parameter: ParameterDescription, shownAbove = ""): ParameterRow {
  const { name, datainfo, description } = parameter;
  const item = handle.known(name);
  const unusable = handle.defunct ?? handle.retired.get(name);
  const stale = item?.stale || "";
  const trouble = unusable?.message ?? item?.error?.message ?? (stale === shownAbove ? "" : stale);
  return {
    name: handle.keyOf(name) + (isSettable(parameter) ? SETTABLE : ""),
    value: item?.error || !item ? (item ? "no value" : "–") : valueText(handle, name, datainfo, item.value),
    unit: datainfoUnit(datainfo, handle.mainUnit()),
    limits: unusable ? limits(datainfo) : limits(presentInfo(handle, name)),
    description: oneLine(description.split("\n", 1)[0] ?? "", LONGEST_DESCRIPTION),
    trouble,
    isStale: stale !== "",
  };
}

/** The cells for HTML. A problem replaces the description. */
export function htmlCells(row: ParameterRow): (string | Html)[] {
  const { name, value, unit, limits, description, trouble, isStale } = row;
  const isGood = trouble === "" && !isStale;
  return [
    name,
    isGood ? value : html`<span class="mute">${value}</span>`,
    unit,
    limits,
    trouble === "" ? description : html`${stateSign("bad")} <span class="said">${oneLine(trouble, 400)}</span>`,
  ];
}

/** The cells for plain text. A problem replaces the description. */
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
  if (datainfo.type === "string" && datainfo.maxchars !== undefined) {
    return `≤ ${formatNumber(datainfo.maxchars)} characters`;
  }
  const control = limitsOf(datainfo);
  return control ? limitsText({ limits: { control } }) : "";
}
