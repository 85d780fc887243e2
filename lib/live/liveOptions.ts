/** What a user may say about how runs are shown. */

import type { RunStart } from "../engine/documents/documents";
import { type FieldSource, keysOf } from "./view/fieldSource";

/**
 * How a run is shown. The same can be said of a single run in its metadata, with names in the place of devices:
 * `RE(scan([det], motor, 0, 1, 11), { live: { log: true } })`.
 */
export interface LiveOptions {
  /** What is plotted along y; default: the hinted fields of the stream. */
  readonly y?: FieldSource | readonly FieldSource[];
  /** What is plotted along x; "time" for the time since the start. Default: the scanned motor, else the time. */
  readonly x?: FieldSource;
  /** Whether axes are logarithmic: the y axis, or each. Default: if the data and the plan ask for it. */
  readonly log?: boolean | { readonly x?: boolean; readonly y?: boolean };
  /** The errors of y as bars: "sqrt" for counts, of which they are the square root. Default: none. */
  readonly errors?: "sqrt";
  /** Fields that are neither in the table nor in a plot. */
  readonly hide?: FieldSource | readonly FieldSource[];
  /** Whether to show the table; default true. */
  readonly table?: boolean;
  /** Whether to show plots; default true. */
  readonly plots?: boolean;
  /** Whether to show the baseline; default true. */
  readonly baseline?: boolean;
}

/** The options with data keys for fields. */
export interface KnownLiveOptions {
  readonly y: readonly string[] | undefined;
  readonly x: string | undefined;
  readonly log: { readonly x?: boolean | undefined; readonly y?: boolean | undefined };
  readonly errors: "sqrt" | undefined;
  readonly hide: ReadonlySet<string>;
  readonly table: boolean;
  readonly plots: boolean;
  readonly baseline: boolean;
}

/** The options of a run: those of its metadata come before the given ones. */
export function liveOptionsOf(given: LiveOptions, start: RunStart): KnownLiveOptions {
  const own = typeof start.live === "object" && start.live !== null ? (start.live as LiveOptions) : {};
  const {
    y,
    x,
    log,
    errors,
    hide,
    table = true,
    plots = true,
    baseline = true,
  }: LiveOptions = { ...given, ...known(own) };
  return {
    y: y === undefined ? undefined : sources(y).flatMap(keysOf),
    x: x === undefined ? undefined : keysOf(x)[0],
    log: typeof log === "boolean" ? { y: log } : (log ?? {}),
    errors,
    hide: new Set(sources(hide ?? []).flatMap(keysOf)),
    table,
    plots,
    baseline,
  };
}

const sources = (given: FieldSource | readonly FieldSource[]): readonly FieldSource[] =>
  Array.isArray(given) ? given : [given as FieldSource];

/** Metadata may hold anything: only what has the right type counts. */
function known(own: LiveOptions): LiveOptions {
  const isName = (value: unknown): boolean =>
    typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"));
  const isFlag = (value: unknown): boolean => typeof value === "boolean";
  const checks: Readonly<Record<keyof LiveOptions, (value: unknown) => boolean>> = {
    y: isName,
    x: (value) => typeof value === "string",
    log: (value) => isFlag(value) || (typeof value === "object" && value !== null),
    errors: (value) => value === "sqrt",
    hide: isName,
    table: isFlag,
    plots: isFlag,
    baseline: isFlag,
  };
  return Object.fromEntries(
    Object.entries(checks).flatMap(([name, check]) => {
      const value = (own as Readonly<Record<string, unknown>>)[name];
      return check(value) ? [[name, value]] : [];
    }),
  );
}
