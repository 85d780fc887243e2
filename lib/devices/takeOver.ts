import { compareShape, type Verification } from "../codegen/drift";
import { ImpossibleError, NoSuchModuleError } from "../errors";
import type { ModuleDescription, NodeDescription } from "../secop/description";
import { adoptDescription, handleOf, type ModuleDevice } from "./moduleDevice";

/**
 * Brings modules in line with what the node says now. What changed compatibly is taken over; what did not, is retired: it
 * rejects with the difference from then on, until the node is again what it was.
 */
export function takeOver(
  modules: ReadonlyMap<string, ModuleDevice>,
  live: NodeDescription,
  verification: Verification | undefined,
): void {
  const before = new Map([...modules].map(([name, module]) => [name, module.description]));
  const { incompatible } = compareShape({ modules: before }, live, verification);
  for (const [name, module] of modules) {
    const handle = handleOf(module);
    const description = live.modules.get(name);
    handle.defunct = null;
    handle.retired.clear();
    for (const { place, what } of incompatible) {
      if (place === name) handle.defunct = new NoSuchModuleError(changed(place, what), { module: name });
      for (const accessible of module.accessibles.keys()) {
        if (!isAt(place, `${name}:${accessible}`)) continue;
        handle.retired.set(accessible, new ImpossibleError(changed(place, what), { module: name, accessible }));
      }
    }
    if (description && !handle.defunct)
      adoptDescription(module, withRetired(description, module, handle.retired.keys()));
  }
}

/** What is retired stays as it was, so that it is recognized when it comes back. */
function withRetired(live: ModuleDescription, module: ModuleDevice, retired: Iterable<string>): ModuleDescription {
  const accessibles = new Map(live.accessibles);
  for (const name of retired) {
    const before = module.description.accessibles.get(name);
    if (before) accessibles.set(name, before);
  }
  return { ...live, accessibles };
}

const changed = (place: string, what: string): string =>
  `${place} ${what}: the node has changed, make a new device for it`;

/** Whether a place is `path` or inside of it. */
const isAt = (place: string, path: string): boolean =>
  place === path || (place.startsWith(path) && /^[:.[ (]/.test(place.slice(path.length)));
