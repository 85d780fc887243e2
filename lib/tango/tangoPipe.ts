/** The function that makes a signal of a Tango pipe. */

import { SignalR } from "../core/signal/signal";
import { checkOptions } from "../options";
import type { TangoPolling } from "./link/poll";
import { parseMember } from "./link/trl";
import { TangoPipeBackend } from "./tangoPipeBackend";
import type { TangoBlob } from "./values/pipeValue";

/**
 * A signal that reads a pipe, a group of named values of devices of Tango 9:
 * `tangoPipe("lab/psu/1/settings")` has values like `{ limit: 5, names: ["a", "b"] }`. With `flatten` each of
 * them is recorded under a key of its own. While it has subscribers it is polled, every 0.1 s by default.
 * Connecting rejects if the device has no such pipe; devices of Tango 10 have none at all.
 */
export function tangoPipe(trl: string, options: { readonly polling?: TangoPolling } = {}): SignalR<TangoBlob> {
  checkOptions("a Tango pipe", options, { polling: true });
  return new SignalR(new TangoPipeBackend(parseMember(trl), options.polling ?? {}));
}
