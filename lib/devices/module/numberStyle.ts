/** How the numbers of a parameter are written as text. */

import { type NumberFormat, numberFormatOf } from "../../display/number";
import type { Datainfo } from "../../secop/values/datainfo";
import { precisionOf } from "./dataKey";

/**
 * Options for `formatValue`: from `fmtstr` (SECoP: `%.nf`, `%.ne` or `%.ng`), else from the scale of a scaled
 * number.
 */
export function numberStyle(info: Datainfo): { readonly precision?: number; readonly format?: NumberFormat } {
  if (info.type === "array") return numberStyle(info.members);
  if (info.type !== "double" && info.type !== "scaled") return {};
  const format = info.fmtstr === undefined ? undefined : numberFormatOf(info.fmtstr);
  if (format) return { format };
  const precision = precisionOf(info);
  return precision === undefined ? {} : { precision };
}
