/** The expression that reaches a device or one of its members, as a user would type it. */

import type { Device } from "./device";

/**
 * For example `demo.cryo.reset`. The first name is that of the outermost device, which is assumed to be in a
 * variable of this name; `otherwise` is written if the name cannot be one.
 */
export function memberPath([outermost = "", ...members]: readonly (string | undefined)[], otherwise: string): string {
  const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name);
  const steps = members.map((name = "") => (isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`));
  return (isIdentifier(outermost) ? outermost : otherwise) + steps.join("");
}

/** The expression for a device, by the properties of its parents. */
export function devicePath(device: Device): string {
  const keys: (string | undefined)[] = [];
  let outermost = device;
  for (let { parent } = device; parent; { parent } = outermost) {
    keys.unshift(keyOf(parent, outermost));
    outermost = parent;
  }
  return memberPath([outermost.name, ...keys], "device");
}

function keyOf(parent: Device, device: Device): string | undefined {
  for (const [key, child] of parent.children()) if (child === device) return key;
  return undefined;
}
