/** A device whose members are PVs with the same prefix. */

import { StandardReadable } from "../../core/standard/standardReadable";
import { checkOptions } from "../../options";

/** Options of `EpicsDevice`. */
export interface EpicsDeviceOptions {
  /** Default: the name that `initDevices` or the parent gives. */
  readonly name?: string;
}

/**
 * The base of devices that are declared by the suffixes of their PVs. The prefix may begin with `pva://`; all
 * members are then spoken to over pvAccess.
 *
 * ```ts
 * class Supply extends EpicsDevice {
 *   readonly current = epicsSignalRw(Number, this.pv("CURR"));
 *   readonly mode = epicsSignalRwRbv(["off", "on"], this.pv("MODE"));
 *   readonly slit = new EpicsMotor(this.pv("SLIT"));
 *   constructor(prefix: string, options: EpicsDeviceOptions = {}) {
 *     super(prefix, options);
 *     this.addReadables([this.current]);
 *   }
 * }
 * const supply = new Supply("BL:PSU:");
 * ```
 */
export class EpicsDevice extends StandardReadable {
  readonly prefix: string;

  constructor(prefix: string, options: EpicsDeviceOptions = {}) {
    checkOptions(new.target.name, options, { name: true });
    super(options.name);
    this.prefix = prefix;
  }

  /** The PV with this suffix, for the members of a subclass. */
  pv(suffix: string): string {
    return `${this.prefix}${suffix}`;
  }
}
