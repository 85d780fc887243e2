/** The options of users for how runs are shown. */

import type { RunStart } from "../engine/documents/documents";
import type { OptionNames } from "../options";
import { type FitModel, type FitShapeName, fitModelOf, fitModels } from "./fit";
import type { ErrorSources, LineChoices, LogAxes } from "./plot";
import { checkedSources, type FieldSource, keysOf, nameOfSource } from "./view/fieldSource";

/**
 * How a run is shown. The metadata of a single run can have the same options, with names instead of devices:
 * `RE(scan([det], motor, 0, 1, 11), { live: { log: true } })`.
 */
export interface LiveOptions {
  /** What is plotted along y; default: the hinted fields of the stream. */
  readonly y?: FieldSource | readonly FieldSource[];
  /**
   * What is plotted along x; "time" for the time since the start, unless a field has that name. Default: the
   * scanned motor, else the time.
   */
  readonly x?: FieldSource;
  /** Whether axes are logarithmic: the y axis, or each. Default: if the data and the plan ask for it. */
  readonly log?: LogAxes;
  /**
   * The errors of y as bars: "sqrt" for counts, of which they are the square root, or the fields that have
   * them, by data key: `{ det: "det_sigma" }`. Default: fields named `det_error` or `det-error`, if there are
   * any.
   */
  readonly errors?: ErrorSources;
  /** The ends of the axes of lines; default: those of the data. */
  readonly xlim?: readonly [number, number];
  readonly ylim?: readonly [number, number];
  /** A shape that is fitted to each line with a panel of its own, and drawn in it; default: none. */
  readonly fit?: FitShapeName | FitModel;
  /** Fields that are neither in the table nor in a plot. */
  readonly hide?: FieldSource | readonly FieldSource[];
  /** Whether to show the table; default true. */
  readonly table?: boolean;
  /** Whether to show plots; default true. */
  readonly plots?: boolean;
  /** Whether to show the baseline; default true. */
  readonly baseline?: boolean;
}

/** The names of the options. */
export const LIVE_OPTIONS: OptionNames<LiveOptions> = {
  y: true,
  x: true,
  log: true,
  errors: true,
  xlim: true,
  ylim: true,
  fit: true,
  hide: true,
  table: true,
  plots: true,
  baseline: true,
};

/** The options with data keys for fields. */
export interface KnownLiveOptions {
  readonly y: readonly FieldSource[] | undefined;
  readonly x: FieldSource | undefined;
  readonly lines: LineChoices;
  readonly fit: FitModel | undefined;
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
    xlim,
    ylim,
    fit,
    hide,
    table = true,
    plots = true,
    baseline = true,
  }: LiveOptions = { ...given, ...known(own) };
  return {
    y: y === undefined ? undefined : checkedSources(y),
    x: x === undefined ? undefined : checkedSources(x)[0],
    lines: { log, errors, xlim, ylim },
    fit: fit === undefined ? undefined : fitModelOf(fit),
    hide: new Set(checkedSources(hide ?? []).flatMap((source) => [nameOfSource(source), ...keysIn(source)])),
    table,
    plots,
    baseline,
  };
}

/** The hinted fields of a device are hidden with it. */
const keysIn = (source: FieldSource): readonly string[] => (typeof source === "object" ? keysOf(source) : []);

/** Metadata may hold anything: only what has the right type counts. */
function known(own: LiveOptions): LiveOptions {
  const isName = (value: unknown): boolean =>
    typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"));
  const isFlag = (value: unknown): boolean => typeof value === "boolean";
  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
  const isRange = (value: unknown): boolean =>
    Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
  const checks: Readonly<Record<keyof LiveOptions, (value: unknown) => boolean>> = {
    y: isName,
    x: (value) => typeof value === "string",
    log: (value) => isFlag(value) || (isObject(value) && Object.values(value).every(isFlag)),
    errors: (value) => value === "sqrt" || (isObject(value) && Object.values(value).every(isName)),
    xlim: isRange,
    ylim: isRange,
    fit: (value) => typeof value === "string" && Object.hasOwn(fitModels, value) && value !== "polynomial",
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
