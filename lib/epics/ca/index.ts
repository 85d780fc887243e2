/**
 * Channel Access, the protocol of EPICS: PVs by their names, read, written and monitored.
 *
 * From the bottom up: `caMessage`, `caStatus` and `dbr` encode messages and values, `caSearch` says how PVs
 * are searched, `circuit` is the TCP connection to one server, `pvChannel` is one PV that is found,
 * connected, lost and found again, and `caChannels` shares one channel per PV. This chapter uses `search/`
 * and `server/`, and no signals. Begin reading with `pvChannel`.
 */

export { acquireChannel } from "./caChannels";
export { type CaArray, type CaControl, type CaRange, type CaReading, FieldType } from "./dbr";
export type { PvChannel, PvShape } from "./pvChannel";
