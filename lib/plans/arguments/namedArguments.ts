/** Arguments that can be given by position, by name in an object at the end, or partly so. */

import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { isMotor } from "./deviceArguments";

/**
 * Reads what a plan is called with: values by position, then at most one object with values by name. All
 * these are the same: `count([det], 3, 1)`, `count([det], 3, { delay: 1 })`,
 * `count([det], { num: 3, delay: 1 })`.
 *
 * @param given the arguments after those that are always given by position
 * @param positions the names of the arguments in their order
 * @param names all names that the object may have, positions included
 * @returns the arguments by name, without those that are undefined
 * @throws UsageError for a name that does not exist, for a value that is given twice, and for too many values
 */
export function namedArguments<A extends object>(
  plan: string,
  given: readonly unknown[],
  positions: readonly (keyof A & string)[],
  names: OptionNames<A>,
): Partial<A> {
  const values = [...given];
  while (values.length > 0 && values.at(-1) === undefined) values.pop();
  const named = takeOptions<A>(plan, values, names);
  const extra = values[positions.length];
  if (values.length > positions.length) {
    throw new UsageError(`${plan}: ${String(extra)} is one value too many: it takes ${positions.join(", ")}`);
  }
  const result: Record<string, unknown> = {};
  for (const [i, value] of values.entries()) if (value !== undefined) result[positions[i] as string] = value;
  for (const [name, value] of Object.entries(named)) {
    if (value === undefined) continue;
    if (Object.hasOwn(result, name)) throw new UsageError(`${plan}: ${name} is given twice`);
    result[name] = value;
  }
  return result as Partial<A>;
}

/** Throws for the first of these arguments that is missing, with an example of the call. */
export function checkGiven<A extends object, K extends keyof A & string>(
  plan: string,
  args: Partial<A>,
  required: readonly K[],
  usage: string,
): asserts args is Partial<A> & Required<Pick<A, K>> {
  const missing = required.find((name) => args[name] === undefined);
  if (missing !== undefined) throw new UsageError(`${plan}: ${missing} is missing: ${usage}`);
}

/**
 * Removes the options from the end of the arguments, if the last one is an object with names; else returns
 * none.
 */
export function takeOptions<O extends object>(plan: string, args: unknown[], names: OptionNames<O>): Partial<O> {
  if (!isNamed(args.at(-1))) return {};
  const options = args.pop() as Partial<O>;
  checkOptions(plan, options, names);
  return options;
}

/** Whether a value is an object with names: no device, list or other iterable. */
function isNamed(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isMotor(value) || Symbol.iterator in value) return false;
  const { read, describe } = value as { readonly read?: unknown; readonly describe?: unknown };
  return typeof read !== "function" && typeof describe !== "function";
}
