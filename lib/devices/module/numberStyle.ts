import { formatNumber, type NumberFormat } from "../../display/number";
import type { Datainfo } from "../../secop/values/datainfo";
import { precisionOf } from "./dataKey";

/** How numbers of a datainfo are written, for `formatValue`: by its `fmtstr` (SECoP: `%.nf`, `%.ne` or `%.ng`), else by its scale. */
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

/** As C's `%g`: significant digits without trailing zeros, a power of ten where that is shorter. */
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
