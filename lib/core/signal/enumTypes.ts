/** Types of enums of which a program knows some of the choices, or all that may exist. */

import { UsageError } from "../../errors";

/**
 * The choices of an enum that a program knows. The enum may have more, and any of them may be read. Made by
 * `subsetEnum`.
 */
export class SubsetEnum<C extends string = string> {
  /** Distinguishes the two classes for the type checker, which compares members only. */
  readonly kind = "subset";
  readonly choices: readonly C[];

  constructor(choices: readonly C[]) {
    this.choices = checked(choices);
  }

  /** Whether `live`, the choices of the actual enum, include all these. */
  fits(live: readonly string[]): boolean {
    return this.choices.every((choice) => live.includes(choice));
  }
}

/**
 * All choices that an enum may have. The actual enum has some of them and no others. Made by `supersetEnum`.
 */
export class SupersetEnum<C extends string = string> {
  readonly kind = "superset";
  readonly choices: readonly C[];

  constructor(choices: readonly C[]) {
    this.choices = checked(choices);
  }

  /** Whether `live`, the choices of the actual enum, are all among these. */
  fits(live: readonly string[]): boolean {
    return live.every((choice) => (this.choices as readonly string[]).includes(choice));
  }
}

/**
 * The type of an enum that has at least these choices: `epicsSignalRw(subsetEnum(["idle", "fast"]),
 * "BL:MODE")`.
 */
export function subsetEnum<const C extends string>(choices: readonly C[]): SubsetEnum<C> {
  return new SubsetEnum(choices);
}

/** The type of an enum that has at most these choices, for devices of one kind in different versions. */
export function supersetEnum<const C extends string>(choices: readonly C[]): SupersetEnum<C> {
  return new SupersetEnum(choices);
}

function checked<C extends string>(choices: readonly C[]): readonly C[] {
  if (choices.length === 0) throw new UsageError("an enum has at least one choice");
  const twice = choices.find((choice, i) => choices.indexOf(choice) !== i);
  if (twice !== undefined) throw new UsageError(`an enum has each choice once, not ${JSON.stringify(twice)} twice`);
  return choices;
}
