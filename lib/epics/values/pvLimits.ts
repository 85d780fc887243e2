/** The units, precision and limits of a PV in the data key of its signal. */

import type { LimitRange } from "../../core/protocols/protocols";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { CaControl, CaRange } from "../ca/dbr";

/**
 * What a record reports about its numbers. A precision of 0 is left out, because a record whose author
 * set no precision reports 0, too.
 */
export function numberFacts(control: CaControl): Pick<DataKeyBody, "units" | "precision" | "limits"> {
  const { units, precision, display, warning, alarm } = control;
  const limits = {
    ...limit("control", control.control),
    ...limit("display", display),
    ...limit("warning", warning),
    ...limit("alarm", alarm),
  };
  return {
    ...(units ? { units } : {}),
    ...(precision ? { precision } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

/** Limits as a part of a data key; empty for records without limits. A missing side is null. */
function limit(key: string, range: CaRange | undefined): Record<string, LimitRange> {
  const sides = range && givenSides(range);
  return sides ? { [key]: sides } : {};
}

/**
 * The sides that the record has set. A record reports an unset alarm limit as NaN, or as 0 if it holds whole
 * numbers; limits for control and display that are not set are both 0.
 */
function givenSides({ low, high }: CaRange): LimitRange | undefined {
  const sides = { low: finiteOrNull(low), high: finiteOrNull(high) };
  if (sides.low === null && sides.high === null) return undefined;
  if (sides.low === null || sides.high === null || sides.low < sides.high) return sides;
  if (low > high && high === 0) return { low, high: null };
  if (low > high && low === 0) return { low: null, high };
  return undefined;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
