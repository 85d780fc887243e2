/** The choices of a user about lines, as the options of their plot. */

import type { EventDescriptor } from "../../engine/documents/documents";
import { type FieldSource, firstFieldOf } from "../view/fieldSource";
import { fieldOf, type StreamField } from "../view/streamFields";
import type { LineOptions } from "./lineOptions";

/** Which axes are logarithmic: the y axis, or each. */
export type LogAxes = boolean | { readonly x?: boolean; readonly y?: boolean };

/**
 * Where the errors of values come from: "sqrt" for counts, of which they are the square root, or the fields
 * that have them, by data key.
 */
export type ErrorSources = "sqrt" | Readonly<Record<string, FieldSource>>;

/** The choices of a user about lines. */
export interface LineChoices {
  readonly log?: LogAxes | undefined;
  readonly errors?: ErrorSources | undefined;
  readonly xlim?: readonly [number, number] | undefined;
  readonly ylim?: readonly [number, number] | undefined;
}

/** The options of the plot of these fields. A field `det_error` or `det-error` has the errors of `det`. */
export function lineOptionsOf(
  { log, errors, xlim, ylim }: LineChoices,
  fields: readonly StreamField[],
  descriptor: EventDescriptor,
): LineOptions {
  return {
    log: typeof log === "boolean" ? { y: log } : log,
    errors: errors === "sqrt" ? errors : errorFields(errors ?? {}, fields, descriptor),
    xlim: limitsOf(xlim),
    ylim: limitsOf(ylim),
  };
}

function errorFields(
  given: Readonly<Record<string, FieldSource>>,
  fields: readonly StreamField[],
  descriptor: EventDescriptor,
): ReadonlyMap<string, StreamField> | undefined {
  const found = fields.flatMap(({ key, units }) => {
    const source = Object.hasOwn(given, key) ? given[key] : undefined;
    const named = source === undefined ? undefined : firstFieldOf(source, descriptor);
    const usual = [`${key}_error`, `${key}-error`].flatMap((name) => fieldOf(name, descriptor) ?? []);
    const field = named ?? usual.find((each) => each.units === units);
    return field ? [[key, field] as const] : [];
  });
  return found.length > 0 ? new Map(found) : undefined;
}

/** Ends of an axis in their order; undefined unless they are two numbers. */
function limitsOf(limits: readonly [number, number] | undefined): readonly [number, number] | undefined {
  const [from, to] = limits ?? [];
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === to) return undefined;
  return [Math.min(from as number, to as number), Math.max(from as number, to as number)];
}
