/** The demands of the spec on names: which are allowed, and where they must differ. */

/** Receives each violation of the spec, as one line. */
export type Report = (problem: string) => void;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Reports names that are not identifiers, or that differ only in upper and lower case. */
export function checkNames(names: readonly string[], what: string, report: Report): void {
  for (const name of names) if (!IDENTIFIER.test(name)) report(`${JSON.stringify(name)} is not an identifier`);
  checkDistinct(names, what, report);
}

/** Reports names that differ only in upper and lower case. */
export function checkDistinct(names: readonly string[], what: string, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) report(`${what} differ only in upper and lower case: ${other}, ${name}`);
    seen.set(name.toLowerCase(), name);
  }
}

/** Reports properties that the spec does not predefine and that do not begin with "_". */
export function checkCustom(names: Iterable<string>, report: Report): void {
  for (const name of names) {
    if (!name.startsWith("_")) report(`the property ${name} is not predefined, so it should begin with "_"`);
  }
}

/**
 * Reports a group that is not a path of identifiers with ":" between them, or that has one of the names in
 * `taken`, which are in lower case.
 */
export function checkGroup(group: string | undefined, taken: readonly ReadonlySet<string>[], report: Report): void {
  for (const part of group?.split(":") ?? []) {
    if (!IDENTIFIER.test(part)) report(`the group ${JSON.stringify(group)} is not a path of identifiers`);
    else if (taken.some((names) => names.has(part.toLowerCase())))
      report(`the group ${part} has the name of a module or accessible`);
  }
}

/** The names in lower case. */
export function lowercased(names: Iterable<string>): Set<string> {
  return new Set(Array.from(names, (name) => name.toLowerCase()));
}
