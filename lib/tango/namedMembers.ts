/** The attributes or commands of a Tango device by their names. */

import { UsageError } from "../errors";
import { nearest } from "../nearest";

/**
 * A map in which a name that does not exist is an error: `commands.get("Rmp")?.execute()` would silently
 * do nothing. `has` asks whether a name exists.
 */
export interface NamedMembers<T> extends ReadonlyMap<string, T> {
  /** @throws UsageError for a name that the device does not have, with the one that was probably meant. */
  get(name: string): T;
}

/** A `NamedMembers` that its device fills. */
export class MemberMap<T> extends Map<string, T> implements NamedMembers<T> {
  readonly #kind: string;
  readonly #device: () => string;

  /** `kind` is "command" or "attribute"; `device` gives the address of the device. */
  constructor(kind: string, device: () => string) {
    super();
    this.#kind = kind;
    this.#device = device;
  }

  override get(name: string): T {
    const member = super.get(name);
    if (member !== undefined) return member;
    const names = [...this.keys()];
    const meant = nearest(name, names);
    const hint = meant === undefined ? `only ${names.slice(0, 12).join(", ")}` : `did you mean ${meant}?`;
    const why = names.length === 0 ? "it is not connected, or has none" : hint;
    throw new UsageError(`${this.#device()} has no ${this.#kind} "${name}": ${why}`);
  }
}
