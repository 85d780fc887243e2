/** Numbers in their own unit: what a scaled integer stands for, and the limits of a number. */

import type { Datainfo } from "./datainfo";

/**
 * Converts integers of the wire to physical numbers without rounding noise, so that 12 * 0.1 is 1.2: a scale
 * with few digits (0.003) divides by a power of ten, and a scale of 1/n divides by n.
 */
export function physicalBy(scale: number): (raw: number) => number {
  const inverse = Math.round(1 / scale);
  const [numerator, denominator] = 1 / inverse === scale ? [1, inverse] : decimalFraction(scale);
  if (numerator / denominator !== scale) return (raw) => raw * scale;
  return (raw) => {
    const product = raw * numerator;
    return Number.isSafeInteger(product) ? product / denominator : raw * scale;
  };
}

/** The limits of a number in its own unit; empty for other types. */
export function physicalLimits(info: Datainfo): { readonly min?: number; readonly max?: number } {
  if (info.type !== "double" && info.type !== "int" && info.type !== "scaled") return {};
  const physical = info.type === "scaled" ? physicalBy(info.scale) : (limit: number) => limit;
  return {
    ...(info.min !== undefined && { min: physical(info.min) }),
    ...(info.max !== undefined && { max: physical(info.max) }),
  };
}

function decimalFraction(scale: number): readonly [numerator: number, denominator: number] {
  const [digits = "", exponent = "0"] = scale.toExponential().split("e");
  const decimals = Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(exponent));
  const denominator = 10 ** decimals;
  return [Math.round(scale * denominator), denominator];
}
