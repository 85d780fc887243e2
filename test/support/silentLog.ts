/** A log for clients under test that writes nothing. */

import type { ClientLog } from "../../lib/secop/client";

export const silentLog: ClientLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
