/** Checks of the names of options, for JavaScript, where no compiler finds a misspelt one. */

import { UsageError } from "./errors";
import { nearest } from "./nearest";

/** The names of all options of a type. The compiler checks that none is missing. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * Refuses unknown options. `of` is the function or class that takes them, for the message.
 *
 * @throws UsageError with the name that was probably meant.
 */
export function checkOptions<Options extends object>(of: string, options: Options, names: OptionNames<Options>): void {
  const [example] = Object.keys(names);
  if (typeof options !== "object" || options === null)
    throw new UsageError(`${of} takes its options by name, as { ${example}: ... }, not ${String(options)}`);
  const known = Object.keys(names);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const hint = meant === undefined ? "" : ` (${meant}?)`;
  throw new UsageError(`${of} has no option ${unknown}${hint}: it takes ${known.join(", ")}`);
}
