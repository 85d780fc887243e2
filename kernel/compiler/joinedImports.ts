/** The imports of a layer, joined to one for each package. */

import { isVersionedSpecifier } from "../modules/sourceVersions";

/** Packages that stay imported when nothing needs them at the moment. */
export const MAX_KEPT = 24;

const NAMED_IMPORT = /^import \{([^{}]*)\} from ("[^"]*");export \{([^{}]*)\};$/;
const WHOLE_IMPORT = /^import \* as (\S+) from ("[^"]*");export \{[^{}]*\};$/;

/**
 * One import for each package, and one for each that is imported as a whole: a list of imports that stays the
 * same keeps the check of the next cell cheap.
 *
 * @param packages What was imported before, in its order; what is new is added.
 */
export function withJoinedImports(sources: readonly string[], packages: Set<string>): string[] {
  const others: string[] = [];
  const named = new Map<string, string[]>();
  const wholes = new Map<string, string[]>();
  const exported: string[] = [];
  const note = (map: Map<string, string[]>, key: string, name: string): void => {
    map.set(key, [...(map.get(key) ?? []), name]);
    packages.add(key);
  };
  for (const source of sources) {
    const [, names, from, local] = NAMED_IMPORT.exec(source) ?? [];
    const [, whole, module] = WHOLE_IMPORT.exec(source) ?? [];
    if (names !== undefined && from !== undefined && !isVersionedSpecifier(from)) {
      note(named, from, names);
      exported.push(local as string);
    } else if (whole !== undefined && module !== undefined && !isVersionedSpecifier(module)) {
      note(wholes, `* ${module}`, whole);
    } else others.push(source);
  }
  const unneeded = [...packages].filter((key) => !named.has(key) && !wholes.has(key));
  for (const key of unneeded.slice(0, -MAX_KEPT)) packages.delete(key);
  const imports = [...packages].map((key, k) => {
    if (!key.startsWith("* ")) return `import {${(named.get(key) ?? []).join(",")}} from ${key};`;
    const aliases = (wholes.get(key) ?? []).map((name) => `import ${name} = __secopLabWhole${k};export {${name}};`);
    return `import * as __secopLabWhole${k} from ${key.slice(2)};${aliases.join("")}`;
  });
  return [`${imports.join("")}export {${exported.join(",")}};`, ...others];
}
