/** The time, alarm, units and limits in the structures of pvAccess ("normative types"). */

import type { Reading } from "../../core/protocols/protocols";
import type { CaControl, CaRange } from "../ca/dbr";
import type { PvStructure } from "../pva/pvData";

/** The severity INVALID; UNDEFINED is above it. */
const INVALID = 3;

/**
 * A reading with the time and alarm of the structure. A structure without a time gets the time of its
 * arrival.
 */
export function ntReading(name: string, structure: PvStructure, value: unknown): Reading {
  const timestamp = ntTime(structure) ?? Date.now() / 1000;
  const alarm = member(structure, "alarm");
  const severity = numberIn(alarm, "severity") ?? 0;
  if (severity === 0) return { value, timestamp };
  const words = typeof alarm?.message === "string" ? alarm.message : "";
  const message = `${name} is in alarm${words ? `: ${words}` : ""}`;
  return { value, timestamp, alarm_severity: severity >= INVALID ? -1 : severity, message };
}

function ntTime(structure: PvStructure): number | undefined {
  const time = member(structure, "timeStamp");
  const seconds = numberIn(time, "secondsPastEpoch");
  // 0 is the time of a value that was never set.
  return seconds ? seconds + (numberIn(time, "nanoseconds") ?? 0) * 1e-9 : undefined;
}

/** The units, precision, limits and choices of a structure. */
export function ntControl(structure: PvStructure): CaControl {
  const display = member(structure, "display");
  const alarm = member(structure, "valueAlarm");
  const units = display?.units;
  const precision = numberIn(display, "precision") ?? precisionOf(display?.format);
  const choices = member(structure, "value")?.choices;
  return {
    ...(typeof units === "string" ? { units } : {}),
    ...(precision === undefined ? {} : { precision }),
    ...range("display", display, "limitLow", "limitHigh"),
    ...range("control", member(structure, "control"), "limitLow", "limitHigh"),
    ...range("warning", alarm, "lowWarningLimit", "highWarningLimit"),
    ...range("alarm", alarm, "lowAlarmLimit", "highAlarmLimit"),
    ...(Array.isArray(choices) ? { choices: choices.map(String) } : {}),
  };
}

function range(
  key: "display" | "control" | "warning" | "alarm",
  of: PvStructure | undefined,
  lowest: string,
  highest: string,
): Partial<Record<typeof key, CaRange>> {
  const low = numberIn(of, lowest);
  const high = numberIn(of, highest);
  return low === undefined || high === undefined ? {} : { [key]: { low, high } };
}

/** The digits in a format of C, for example 3 in `%.3f`. */
function precisionOf(format: unknown): number | undefined {
  const digits = typeof format === "string" ? /%\d*\.(\d+)[efg]/i.exec(format)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function member(structure: PvStructure | undefined, name: string): PvStructure | undefined {
  const value = structure?.[name];
  return typeof value === "object" && value !== null ? (value as PvStructure) : undefined;
}

function numberIn(structure: PvStructure | undefined, name: string): number | undefined {
  const value = structure?.[name];
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}
