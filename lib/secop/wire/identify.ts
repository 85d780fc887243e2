// What answers `*IDN?`: a SEC node, or something else that happens to listen.

import { CommunicationFailedError, ProtocolError } from "../../errors";
import type { NodeAddress } from "./uri";

/**
 * Throws the words for an answer to `*IDN?` that is no SEC node's. Four fields, the first contains ISSE, the second is
 * SECoP.
 */
export function checkIdentification(address: NodeAddress, answer: string): void {
  const fields = answer.split(",");
  if (fields.length >= 4 && fields[0]?.includes("ISSE") && fields[1]?.trim() === "SECoP") return;
  const start = answer.length > 60 ? `${answer.slice(0, 60)}...` : answer;
  const what = /^HTTP\//.test(answer) ? "is a web server" : "is no SEC node";
  throw new ProtocolError(
    `cannot connect to ${address.text}: it ${what}, it answered *IDN? with ${JSON.stringify(start)}`,
  );
}

/** The words for a connection that ended before the answer. */
export function closedUnidentified(address: NodeAddress, reason: string): CommunicationFailedError {
  return new CommunicationFailedError(
    `cannot connect to ${address.text}: it ended the connection instead of answering *IDN? (${reason})`,
  );
}
