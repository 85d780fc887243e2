/** Refuses misspelt options of `set`, which plans pass on as they are: `absSet(motor, 3, { wiat: true })`. */

import { checkOptions, type OptionNames } from "../../options";
import type { SetOptions } from "../protocols/protocols";

const NAMES: OptionNames<SetOptions> = { timeout: true, signal: true };
/** Options that `absSet`, `relSet` and `mv` take for themselves; the device gets the rest. */
const OF_PLANS = { wait: true, group: true } as const;

/**
 * Checks the options of a `set`.
 *
 * @throws UsageError for an option that does not exist, with the one that was probably meant
 */
export function checkSetOptions(device: { readonly name: string }, options: SetOptions | undefined): void {
  for (const name in options)
    if (!Object.hasOwn(NAMES, name))
      checkOptions(`set of ${device.name || "a device"}`, options, { ...NAMES, ...OF_PLANS });
}
