import { UsageError } from "../../errors";

/** Of the choices that an enum has, those a program knows: it may have more, and any of them may be read. See `subsetEnum`. */
export class SubsetEnum<C extends string = string> {
  /** For the type checker, which takes classes of the same members for one. */
  readonly kind = "subset";
  readonly choices: readonly C[];

  constructor(choices: readonly C[]) {
    this.choices = checked(choices);
  }

  /** Whether an enum with the choices `live` is such a one. */
  fits(live: readonly string[]): boolean {
    return this.choices.every((choice) => live.includes(choice));
  }
}

/** All choices that an enum may have: the one at hand has some of them, and no others. See `supersetEnum`. */
export class SupersetEnum<C extends string = string> {
  readonly kind = "superset";
  readonly choices: readonly C[];

  constructor(choices: readonly C[]) {
    this.choices = checked(choices);
  }

  /** Whether an enum with the choices `live` is such a one. */
  fits(live: readonly string[]): boolean {
    return live.every((choice) => (this.choices as readonly string[]).includes(choice));
  }
}

/** The type of an enum that has at least these choices: `epicsSignalRw(subsetEnum(["idle", "fast"]), "BL:MODE")`. */
export function subsetEnum<const C extends string>(choices: readonly C[]): SubsetEnum<C> {
  return new SubsetEnum(choices);
}

/** The type of an enum that has at most these choices, as devices of one kind but of different versions do. */
export function supersetEnum<const C extends string>(choices: readonly C[]): SupersetEnum<C> {
  return new SupersetEnum(choices);
}

function checked<C extends string>(choices: readonly C[]): readonly C[] {
  if (choices.length === 0) throw new UsageError("an enum has at least one choice");
  const twice = choices.find((choice, i) => choices.indexOf(choice) !== i);
  if (twice !== undefined) throw new UsageError(`an enum has each choice once, not ${JSON.stringify(twice)} twice`);
  return choices;
}
