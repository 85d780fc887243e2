/** The interface of a transport, which exchanges lines with a node, and the messages for its failures. */

import { CommunicationFailedError, errorText, type SecopError } from "../../../errors";
import type { NodeAddress } from "../uri";

/** An open connection to a node. */
export interface Transport {
  /** Sends one message; without effect once closed. Calls no event before it returns. */
  send(line: string): void;
  /** Ends the connection at once; `closed` is not called afterwards. */
  close(): void;
}

/** What a transport reports. */
export interface TransportEvents {
  /** One line without its end; must not throw. */
  line(line: string): void;
  /** A part of the stream that could not be used. */
  problem(text: string): void;
  /** The connection ended without `close`; called once. */
  closed(reason: string): void;
}

/**
 * The system probes a connection that is silent for this long, so that a request without a deadline cannot
 * hide a pulled cable. Milliseconds.
 */
export const KEEP_ALIVE_MS = 5000;

const CAUSES: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused: does the node run, is the port right?"],
  ["ENOTFOUND", "the host name is not known"],
  ["EAI_AGAIN", "the host name cannot be looked up now"],
  ["EHOSTUNREACH", "the host cannot be reached"],
  ["ENETUNREACH", "the network cannot be reached"],
  ["ETIMEDOUT", "the host does not answer"],
  ["ECONNRESET", "connection reset by the node"],
  ["EPIPE", "the node closed the connection"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", untrusted("it is self-signed")],
  ["SELF_SIGNED_CERT_IN_CHAIN", untrusted("its authority is not known here")],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", untrusted("its authority is not known here")],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", untrusted("its authority is not known here")],
  ["CERT_HAS_EXPIRED", "the certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate is one of another host"],
  ["EPROTO", "it does not speak TLS: is ws:// meant instead of wss://?"],
]);

function untrusted(why: string): string {
  return `the certificate is not trusted (${why}): name it, or its authority's, in NODE_EXTRA_CA_CERTS before the start`;
}

/** The reason of a socket's error, in words. */
export function socketReason(error: unknown): string {
  // Node tries every address of a host, and then throws an AggregateError without a message.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first ? String(first.code) : "";
  return CAUSES.get(code) ?? errorText(first);
}

/** The error of a connection that could not be made. */
export function cannotConnect(address: NodeAddress, reason: string, cause?: unknown): SecopError {
  return new CommunicationFailedError(`cannot connect to ${address.text}: ${reason}`, { cause });
}
