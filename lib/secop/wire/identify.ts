/** Checks the answer to `*IDN?`, which may come from something that is not a SEC node. */

import { startTimer } from "../../clock";
import { CommunicationFailedError, ProtocolError } from "../../errors";
import type { NodeAddress } from "./uri";

/** The longest time between the greeting of a gateway and the identification of its node, in seconds. */
const BANNER = 0.3;

/**
 * Whether a line identifies a SEC node: it has four fields, of which the first contains ISSE and the second
 * is SECoP, in upper or lower case; old nodes leave out the last field.
 */
export function isIdentification(line: string): boolean {
  const fields = line.toLowerCase().split(",");
  return fields.length >= 3 && fields[0]?.includes("isse") === true && fields[1]?.trim() === "secop";
}

/** Throws ProtocolError for an answer to `*IDN?` that is not from a SEC node. */
export function checkIdentification(address: NodeAddress, answer: string): void {
  if (isIdentification(answer)) return;
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

/**
 * Returns a function that takes the lines of a new connection, the empty one at its end, and calls `resolve`
 * with the identification, which a gateway may send after a greeting. Without an identification `resolve`
 * gets the first line, which is empty if the connection ended before any.
 */
export function afterBanner(resolve: (line: string) => void): (line: string) => void {
  let first: string | undefined;
  return (line) => {
    if (line === "") resolve(first ?? "");
    else if (isIdentification(line) || line.startsWith("HTTP/")) resolve(line);
    else if (first === undefined) startTimer(BANNER, () => resolve(line), { idle: true }).unref();
    first ??= line;
  };
}
