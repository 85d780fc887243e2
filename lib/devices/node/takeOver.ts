/** Brings the modules of a node device in line with a new description of the node. */

import { compareShape, type Difference, type Verification } from "../../codegen/drift";
import { Device } from "../../core/device/device";
import { ImpossibleError, NoSuchModuleError, NoSuchParameterError } from "../../errors";
import type { ModuleDescription, NodeDescription } from "../../secop/description/description";
import { adoptDescription, handleOf, type ModuleDevice, missingProperties } from "../module/moduleDevice";

/**
 * Adopts the live description of the node. A compatible change takes effect. A module, signal or command that
 * changed incompatibly is retired: it rejects with the difference until the node has its old description
 * again.
 *
 * Returns what is missing from the node: modules and signals that the verification tolerates, and properties.
 */
export function takeOver(
  modules: ReadonlyMap<string, ModuleDevice>,
  live: NodeDescription,
  verification: Verification | undefined,
): ReadonlySet<Device> {
  const before = new Map([...modules].map(([name, module]) => [name, module.description]));
  const { incompatible } = compareShape({ modules: before }, live, verification);
  const missing = new Set<Device>();
  for (const [name, module] of modules) {
    retire(module, incompatible, live.modules.has(name));
    for (const device of missingOf(module, live.modules.get(name))) missing.add(device);
    const description = live.modules.get(name);
    const handle = handleOf(module);
    if (description && !handle.defunct) adoptDescription(module, withRetired(description, module));
    for (const signal of missingProperties(module)) missing.add(signal);
  }
  return missing;
}

function retire(module: ModuleDevice, incompatible: readonly Difference[], isThere: boolean): void {
  const handle = handleOf(module);
  const { name } = handle;
  handle.defunct = undefined;
  handle.retired.clear();
  for (const { place, what } of incompatible) {
    if (place === name) {
      const error = isThere ? ImpossibleError : NoSuchModuleError;
      handle.defunct = new error(changed(place, what), { module: name });
    }
    for (const accessible of module.accessibles.keys()) {
      if (!isInside(place, `${name}:${accessible}`)) continue;
      handle.retired.set(accessible, new ImpossibleError(changed(place, what), { module: name, accessible }));
    }
  }
}

/** A tolerated missing member also rejects when it is used, but it is left out of group reads. */
function missingOf(module: ModuleDevice, live: ModuleDescription | undefined): Device[] {
  const handle = handleOf(module);
  const { name } = handle;
  if (handle.defunct) return [];
  if (!live) {
    handle.defunct = new NoSuchModuleError(`${name} is not a module of ${handle.link.address}`, { module: name });
    return [module];
  }
  const missing: Device[] = [];
  for (const [accessible, { kind }] of module.description.accessibles) {
    if (live.accessibles.get(accessible)?.kind === kind || handle.retired.has(accessible)) continue;
    const words = `${name}:${accessible} is not there at ${handle.link.address}`;
    handle.retired.set(accessible, new NoSuchParameterError(words, { module: name, accessible }));
    const member = module.accessibles.get(accessible);
    if (member instanceof Device) missing.push(member);
  }
  return missing;
}

/** Keeps the old description of a retired member, so that the member is recognized when it comes back. */
function withRetired(live: ModuleDescription, module: ModuleDevice): ModuleDescription {
  const accessibles = new Map(live.accessibles);
  for (const name of handleOf(module).retired.keys()) {
    const before = module.description.accessibles.get(name);
    if (before) accessibles.set(name, before);
  }
  return { ...live, accessibles };
}

const changed = (place: string, what: string): string =>
  `${place} ${what}: the node has changed, make a new device for it`;

/** Whether a place is `path` or inside it. */
const isInside = (place: string, path: string): boolean =>
  place === path || (place.startsWith(path) && /^[:.[ (]/.test(place.slice(path.length)));
