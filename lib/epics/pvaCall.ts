/** Calls of functions that servers offer over pvAccess ("RPC"). */

import { withDeadline } from "../core/status/deadline";
import { MAY_BE_DONE, UsageError } from "../errors";
import { checkOptions } from "../options";
import { sayingWhetherDone } from "./link/lostOnTheWay";
import { pvAddress } from "./link/pvAddress";
import { acquirePvaChannel } from "./pva/pvaChannels";

/** Options of a call. */
export interface PvaCallOptions {
  /** Seconds until the call fails, with the search for the server. Default 10; null: never. */
  readonly timeout?: number | null;
  readonly signal?: AbortSignal;
}

/** The default timeout in seconds, as for signals. */
const TIMEOUT = 10;

/**
 * Calls the function behind a PV with named arguments, as an NTURI:
 * `await pvaCall("pva://BL:add", { lhs: 1, rhs: 2 })`. Numbers are sent as doubles, bigints as 64-bit
 * integers, typed arrays as they are.
 *
 * Resolves with the `value` of a scalar or an array, otherwise with the whole structure as an object;
 * undefined if there is no result. Rejects with EpicsError if no server has the PV, or with what the function
 * reports.
 */
export async function pvaCall(
  pv: string,
  query: Readonly<Record<string, unknown>> = {},
  options: PvaCallOptions = {},
): Promise<unknown> {
  checkOptions("pvaCall", options, { timeout: true, signal: true });
  const { protocol, name } = pvAddress(pv);
  if (protocol !== "pva") throw new UsageError(`cannot call ${pv}: only pvAccess has functions, write pva://${name}`);
  const { item: channel, release } = acquirePvaChannel(name);
  const deadline = { timeout: options.timeout === undefined ? TIMEOUT : options.timeout, signal: options.signal };
  try {
    await channel.connected(deadline);
    const argument = { scheme: "pva", path: name, query };
    const work = (signal: AbortSignal) =>
      sayingWhetherDone(channel, () => channel.call(argument, "epics:nt/NTURI:1.0", signal), MAY_BE_DONE.called);
    return resultOf(await withDeadline(work, deadline, `the result of ${name}`));
  } finally {
    release();
  }
}

function resultOf(result: unknown): unknown {
  if (typeof result !== "object" || result === null || !("value" in result)) return result;
  const { value } = result as { readonly value: unknown };
  const isPlain = typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value);
  return isPlain ? value : result;
}
