/**
 * The lasting links to Tango devices: they are found by their address, shared, read, set and polled, and
 * outlive restarts of servers.
 *
 * This chapter uses `giop/` to reach devices and `values/` to convert what they send. `trl` parses addresses,
 * `proxyPool` locates devices by the Tango database and shares one `deviceProxy` per device, `attributeLink`
 * is one attribute in use, `followAttribute` reports its events or polls it for subscribers. Begin reading
 * with `attributeLink`.
 */

export type { TangoEvent } from "./attributeEvents";
export { type AttributeAccess, AttributeLink } from "./attributeLink";
export { DeviceProxy } from "./deviceProxy";
export { DEFAULT_PERIOD, type PollResult, poll, type TangoPolling } from "./poll";
export { acquireProxy } from "./proxyPool";
export { type DeviceAddress, deviceTrl, type MemberAddress, memberTrl, parseDevice, parseMember } from "./trl";
