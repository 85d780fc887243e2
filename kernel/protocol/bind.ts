/** Where the kernel listens. */

import { errorText, UsageError } from "../../lib/errors";

interface Bindable {
  bind(address: string): Promise<void>;
}

/** Rejects with a UsageError that names the address, where another program has it. */
export async function bind(socket: Bindable, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (cause) {
    throw new UsageError(`the kernel cannot listen at ${address}: ${errorText(cause)}`, { cause });
  }
}
