/** How the numbers of a parameter are written as text. */

import { formatNumber, type NumberFormat } from "../../display/number";
import type { Datainfo } from "../../secop/values/datainfo";
import { precisionOf } from "./dataKey";

/**
 * Options for `formatValue`: from `fmtstr` (SECoP: `%.nf`, `%.ne` or `%.ng`), else from the scale of a scaled
 * number.
 */
export function numberStyle(info: Datainfo): { readonly precision?: number; readonly format?: NumberFormat } {
  if (info.type === "array") return numberStyle(info.members);
  if (info.type !== "double" && info.type !== "scaled") return {};
  const [, digits, kind] = /^%\.(\d{1,2})([eg])$/.exec(info.fmtstr ?? "") ?? [];
  if (kind !== undefined) return { format: kind === "e" ? exponential(Number(digits)) : general(Number(digits)) };
  const precision = precisionOf(info);
  return precision === undefined ? {} : { precision };
}

const exponential =
  (decimals: number): NumberFormat =>
  (value) =>
    Number.isFinite(value) ? plainExponent(value.toExponential(decimals)) : formatNumber(value);

/** Like `%g` in C: significant digits without trailing zeros, and an exponent where that is shorter. */
function general(digits: number): NumberFormat {
  const significant = Math.max(1, digits);
  return (value) => {
    if (!Number.isFinite(value)) return formatNumber(value);
    const text = value.toExponential(significant - 1);
    const power = Number(text.split("e")[1]);
    if (power >= -4 && power < significant) return String(Number(text));
    return plainExponent(text.replace(/\.?0+e/, "e"));
  };
}

const plainExponent = (text: string): string => text.replace("e+", "e");
