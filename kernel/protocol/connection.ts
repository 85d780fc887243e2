/**
 * The contents of a connection file: the addresses of the channels, how messages are signed, and the keys of
 * encryption.
 */

import { getHashes } from "node:crypto";
import { capability } from "zeromq";
import { UsageError } from "../../lib/errors";

/** The part of a connection file that concerns all channels (jupyter-client, "Connection files"). */
export interface ChannelSettings {
  readonly transport: string;
  /** With `ipc`, the beginning of the paths of the sockets. */
  readonly ip: string;
  readonly key: string;
  /** Default: `hmac-sha256`. */
  readonly signature_scheme?: string | undefined;
  /** The keys of CurveZMQ, in Z85; both or none. */
  readonly curve_publickey?: string | null | undefined;
  readonly curve_secretkey?: string | null | undefined;
}

/** The address of the channel with this port: `tcp://127.0.0.1:5000`, or `ipc:///run/kernel-1`. */
export function channelAddress({ transport, ip }: Pick<ChannelSettings, "transport" | "ip">, port: number): string {
  if (transport === "ipc") return `ipc://${ip}-${port}`;
  return ip.includes(":") && !ip.startsWith("[") ? `${transport}://[${ip}]:${port}` : `${transport}://${ip}:${port}`;
}

/** Python's names of hashes that Node spells in another way. */
const HASHES: Readonly<Record<string, string>> = { blake2b: "blake2b512", blake2s: "blake2s256" };

/**
 * The hash of a signature scheme, by its name in Node. @throws UsageError for a scheme that is not of the
 * form `hmac-HASH`, or a hash that Node does not have.
 */
export function signatureHash(scheme = "hmac-sha256"): string {
  const name = /^hmac-(.+)$/.exec(scheme)?.[1]?.toLowerCase() ?? "";
  const hash = HASHES[name] ?? name.replaceAll("_", "-");
  if (getHashes().some((known) => known.toLowerCase() === hash)) return hash;
  throw new UsageError(
    `the connection file asks for signatures by ${scheme}, which this kernel does not know: use hmac-sha256 or hmac-sha512`,
  );
}

/**
 * The settings of a socket that is the server of an encrypted connection; empty for one that is not
 * encrypted.
 */
export interface SocketSecurity {
  readonly curveServer?: true;
  readonly curvePublicKey?: string;
  readonly curveSecretKey?: string;
}

/**
 * How the kernel's sockets are encrypted (JEP 145). @throws UsageError if the file has one key only, or if
 * ZeroMQ cannot encrypt here: a kernel must not listen without the encryption that was asked for.
 */
export function socketSecurity({ curve_publickey, curve_secretkey }: ChannelSettings): SocketSecurity {
  if (!curve_publickey && !curve_secretkey) return {};
  if (!curve_publickey || !curve_secretkey) {
    throw new UsageError("the connection file has only one of curve_publickey and curve_secretkey: both are needed");
  }
  for (const key of [curve_publickey, curve_secretkey]) {
    if (!Z85_KEY.test(key))
      throw new UsageError("a key of encryption in the connection file is not 40 characters of Z85");
  }
  if (!capability.curve) {
    throw new UsageError("the connection file asks for encryption (CurveZMQ), which this build of ZeroMQ cannot do");
  }
  return { curveServer: true, curvePublicKey: curve_publickey, curveSecretKey: curve_secretkey };
}

const Z85_KEY = /^[0-9A-Za-z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;
