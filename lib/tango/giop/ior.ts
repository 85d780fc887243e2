/**
 * Interoperable object references (IOR): the address of a CORBA object and its key there (CORBA 3.3 part 2,
 * sections 7.6 and 9.7).
 */

import { CdrReader } from "./cdr";

/** A TCP address of a server. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Identifies one object of a server. */
export interface ObjectReference {
  /** The addresses to try, in this order; at least one. */
  readonly addresses: readonly TcpAddress[];
  readonly key: Uint8Array;
}

const TAG_INTERNET_IOP = 0;
const TAG_ALTERNATE_ADDRESS = 3;

/**
 * Parses the text form of a reference: `IOR:` followed by hexadecimal digits.
 *
 * @throws RangeError if the text is not a reference, or has no TCP address.
 */
export function parseIor(text: string): ObjectReference {
  if (!/^IOR:(?:[0-9a-f]{2})+$/i.test(text))
    throw new RangeError("an object reference must be IOR: and hexadecimal digits");
  return readIor(CdrReader.encapsulation(Buffer.from(text.slice(4), "hex")));
}

/** Reads a reference in the binary form that messages contain. */
export function readIor(from: CdrReader): ObjectReference {
  from.string();
  const profiles = Array.from({ length: from.count(8) }, () => [from.unsignedLong(), from.octets()] as const);
  const internet = profiles.find(([tag]) => tag === TAG_INTERNET_IOP);
  if (!internet) throw new RangeError("the object reference has no TCP address");
  const profile = CdrReader.encapsulation(internet[1]);
  profile.octet();
  const minor = profile.octet();
  const addresses = [readAddress(profile)];
  const key = Uint8Array.from(profile.octets());
  const components = minor > 0 ? profile.count(8) : 0;
  for (let i = 0; i < components; i++) {
    const tag = profile.unsignedLong();
    const data = profile.octets();
    if (tag === TAG_ALTERNATE_ADDRESS) addresses.push(readAddress(CdrReader.encapsulation(data)));
  }
  return { addresses, key };
}

function readAddress(from: CdrReader): TcpAddress {
  return { host: from.string(), port: from.unsignedShort() };
}
