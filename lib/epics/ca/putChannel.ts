/** A channel that is made for one write, while the PV's own channel waits for the end of another one. */

import { EpicsError } from "../epicsError";
import { CaCommand } from "./caMessage";
import type { Circuit, CircuitChannel } from "./circuit";

/** The numbers of these channels; those of PVs count from 1. */
let lastId = 0x8000_0000;

/**
 * Writes a value over a channel of its own and waits for the record. A server handles one such write per
 * channel, and lets everything else on the connection wait for the first if a second one follows on the same
 * channel. Rejects when the signal aborts.
 */
export async function putAside(
  circuit: Circuit,
  name: string,
  fields: Parameters<Circuit["request"]>[1],
  tried: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let serverId: number | undefined;
  let extra: CircuitChannel | undefined;
  try {
    const parameter1 = await new Promise<number>((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      const lost = (reason: string) => reject(new EpicsError(`${tried}: ${reason}`));
      lastId += 1;
      extra = { id: lastId, name, opened: resolve, allowed: () => {}, lost };
      circuit.attach(extra);
    });
    serverId = parameter1;
    await circuit.request(CaCommand.writeNotify, { ...fields, parameter1 }, tried, signal);
  } finally {
    if (extra) circuit.detach(extra, serverId);
  }
}
