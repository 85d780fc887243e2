// Names in a description: which are allowed, and where they must differ.

export type Report = (problem: string) => void;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Identifiers, which differ in more than the case of letters. */
export function checkNames(names: readonly string[], what: string, report: Report): void {
  for (const name of names) if (!IDENTIFIER.test(name)) report(`${JSON.stringify(name)} is no identifier`);
  checkDistinct(names, what, report);
}

/** Names of any form, which differ in more than the case of letters. */
export function checkDistinct(names: readonly string[], what: string, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) report(`${what} differ only in upper and lower case: ${other}, ${name}`);
    seen.set(name.toLowerCase(), name);
  }
}

/** What the spec does not know begins with "_". */
export function checkCustom(names: Iterable<string>, report: Report): void {
  for (const name of names) {
    if (!name.startsWith("_")) report(`the property ${name} is not predefined, so it should begin with "_"`);
  }
}

/** A group is a path of identifiers with ":" between them, none of which is one of `taken`. */
export function checkGroup(group: string | undefined, taken: ReadonlySet<string>, report: Report): void {
  for (const part of group?.split(":") ?? []) {
    if (!IDENTIFIER.test(part)) report(`the group ${JSON.stringify(group)} is no path of identifiers`);
    else if (taken.has(part.toLowerCase())) report(`the group ${part} has the name of a module or accessible`);
  }
}

export function lowercased(...names: readonly Iterable<string>[]): Set<string> {
  return new Set(names.flatMap((some) => Array.from(some, (name) => name.toLowerCase())));
}
