/** Checks the answer to `*IDN?`, which may come from something that is not a SEC node. */

import { CommunicationFailedError, ProtocolError } from "../../errors";
import type { NodeAddress } from "./uri";

/**
 * Throws ProtocolError for an answer to `*IDN?` that is not from a SEC node. A SEC node answers with four
 * fields, of which the first contains ISSE and the second is SECoP; old ones leave out the last field.
 */
export function checkIdentification(address: NodeAddress, answer: string): void {
  const fields = answer.split(",");
  if (fields.length >= 3 && fields[0]?.includes("ISSE") && fields[1]?.trim() === "SECoP") return;
  const start = answer.length > 60 ? `${answer.slice(0, 60)}...` : answer;
  const what = /^HTTP\//.test(answer) ? "is a web server" : "is not a SEC node";
  throw new ProtocolError(
    `cannot connect to ${address.text}: it ${what}, it answered *IDN? with ${JSON.stringify(start)}`,
  );
}

/** The error of a connection that ended before the answer to `*IDN?`. */
export function closedUnidentified(address: NodeAddress, reason: string): CommunicationFailedError {
  return new CommunicationFailedError(
    `cannot connect to ${address.text}: it ended the connection instead of answering *IDN? (${reason})`,
  );
}
