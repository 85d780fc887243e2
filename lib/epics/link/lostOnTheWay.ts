/** The errors of requests whose connection was lost before the answer came. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import { EpicsError } from "../epicsError";

/**
 * The result of `send`. If it rejects because the connection was lost meanwhile, `words` are added to the
 * error: they say that the server may have done what was asked.
 */
export async function sayingWhetherDone<T>(
  channel: { readonly lostConnection: LostConnection | undefined },
  send: () => Promise<T>,
  words: string,
): Promise<T> {
  const wasLost = channel.lostConnection !== undefined;
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof EpicsError) || wasLost || !channel.lostConnection) throw error;
    throw new EpicsError(`${error.message}; ${words}`, { cause: error });
  }
}
