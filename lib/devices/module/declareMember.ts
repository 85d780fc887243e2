/** Gives a device a member for something that the node has. */

import { UsageError } from "../../errors";
import type { MemberName } from "../../secop/description/memberName";

/**
 * Defines the member, unless the device has one of this name. Where the member has lost its `_`, the name on
 * the wire throws the name that was meant, since an undefined member would fail without a word about why.
 *
 * @param wireName the name on the wire.
 */
export function declareMember(
  device: object,
  wireName: string,
  names: MemberName | undefined,
  content: { readonly value: unknown } | { get(): unknown },
): void {
  const { member, key } = names ?? { member: wireName, key: wireName };
  if (!Object.hasOwn(device, member)) Object.defineProperty(device, member, { ...content, enumerable: true });
  if (key === wireName || wireName in device) return;
  Object.defineProperty(device, wireName, { get: refusalFor(wireName, member), configurable: true });
}

/** One function for all devices that have such a member, since a big node has thousands of them. */
const refusals = new Map<string, () => never>();

function refusalFor(wireName: string, member: string): () => never {
  const known = refusals.get(`${wireName} ${member}`);
  if (known) return known;
  const refuse = () => {
    throw new UsageError(`there is no member ${wireName}: did you mean ${member}?`);
  };
  if (refusals.size < MOST_REFUSALS) refusals.set(`${wireName} ${member}`, refuse);
  return refuse;
}

const MOST_REFUSALS = 10_000;
