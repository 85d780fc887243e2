// Interoperable object references: where an object is and what its key is there (CORBA 3.3 part 2, sections 7.6 and 9.7).

import { CdrReader } from "./cdr";

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** An object of a server. */
export interface ObjectReference {
  /** Where to try, in this order; one at least. */
  readonly addresses: readonly TcpAddress[];
  readonly key: Uint8Array;
}

const TAG_INTERNET_IOP = 0;
const TAG_ALTERNATE_ADDRESS = 3;

/** A reference as text: `IOR:` and hexadecimal digits. @throws RangeError where it is none, or none over TCP. */
export function parseIor(text: string): ObjectReference {
  if (!/^IOR:(?:[0-9a-f]{2})+$/i.test(text)) throw new RangeError("no object reference");
  return readIor(CdrReader.encapsulation(Buffer.from(text.slice(4), "hex")));
}

/** A reference as it stands in a message. */
export function readIor(from: CdrReader): ObjectReference {
  from.string();
  const profiles = Array.from({ length: from.count(8) }, () => [from.unsignedLong(), from.octets()] as const);
  const internet = profiles.find(([tag]) => tag === TAG_INTERNET_IOP);
  if (!internet) throw new RangeError("an object reference without an address of TCP");
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
