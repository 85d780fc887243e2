/** Options as they come from plain JavaScript, where no compiler finds a misspelt name. */
import { UsageError } from "./errors";
import { nearest } from "./nearest";

/** The names of all options of a type, so that none can be forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * Refuses names that mean nothing. `of` is who takes the options, as the message calls it.
 *
 * @throws UsageError with the name that is probably meant.
 */
export function checkOptions<Options extends object>(of: string, options: Options, names: OptionNames<Options>): void {
  const known = Object.keys(names);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const hint = meant === undefined ? "" : ` (${meant}?)`;
  throw new UsageError(`${of} has no option ${unknown}${hint}: it takes ${known.join(", ")}`);
}
