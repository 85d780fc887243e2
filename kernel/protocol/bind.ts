/** Binds a socket of the kernel to its address. */

import { errorText, UsageError } from "../../lib/errors";

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
