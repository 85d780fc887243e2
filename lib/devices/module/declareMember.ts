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
  get: () => unknown,
): void {
  const { member, key } = names ?? { member: wireName, key: wireName };
  if (!Object.hasOwn(device, member)) Object.defineProperty(device, member, { get, enumerable: true });
  if (key === wireName || wireName in device) return;
  const refuse = () => {
    throw new UsageError(`there is no member ${wireName}: did you mean ${member}?`);
  };
  Object.defineProperty(device, wireName, { get: refuse, configurable: true });
}
