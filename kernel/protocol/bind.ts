/** Binds a socket of the kernel to its address, and says how long it sends after it was closed. */

import { errorText, UsageError } from "../../lib/errors";

/** How long a closed socket continues to send messages that are still queued. */
export const LINGER_MS = 700;

interface Bindable {
  bind(address: string): Promise<void>;
}

/**
 * Rejects with a UsageError that names the address if it cannot be bound, for instance
 * because another program uses it.
 */
export async function bind(socket: Bindable, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (cause) {
    throw new UsageError(`the kernel cannot listen at ${address}: ${errorText(cause)}`, { cause });
  }
}
