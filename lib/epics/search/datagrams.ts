/** Packs requests of a search into datagrams. */

import type { WantedName } from "./searchProtocol";

/** The largest datagram in bytes, which fits into an Ethernet frame. */
const DATAGRAM = 1400;

/** How the requests of a protocol are written. */
export interface DatagramFormat {
  /** The bytes of a datagram without its names. */
  readonly head: number;
  /** The bytes that a name takes. */
  readonly sizeOf: (wanted: WantedName) => number;
  readonly encode: (names: readonly WantedName[]) => Buffer;
}

/** As few datagrams as possible; a name that is too long for one has a datagram of its own. */
export function* datagramsOf(
  wanted: readonly WantedName[],
  { head, sizeOf, encode }: DatagramFormat,
): Generator<Buffer> {
  let names: WantedName[] = [];
  let size = head;
  for (const each of wanted) {
    const length = sizeOf(each);
    if (names.length > 0 && size + length > DATAGRAM) {
      yield encode(names);
      names = [];
      size = head;
    }
    names.push(each);
    size += length;
  }
  if (names.length > 0) yield encode(names);
}
