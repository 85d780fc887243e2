/** The result of a request, as the server reports it. */

// Source: "pvAccess protocol specification", section "Status".

import { oneLine } from "../../printable";
import type { PvaReader } from "./pvaReader";

export interface PvaStatus {
  readonly failed: boolean;
  /** The server's words; empty for plain success. */
  readonly message: string;
}

/** Success without any words. */
const PLAIN = 0xff;
/** The kinds: 0 is success, 1 a warning. */
const WARNING = 1;

export function readStatus(from: PvaReader): PvaStatus {
  const kind = from.u8();
  if (kind === PLAIN) return { failed: false, message: "" };
  const message = oneLine(from.text());
  // The server's stack trace is for its operator.
  from.text();
  return { failed: kind > WARNING, message: message || "the server does not say why" };
}
