/**
 * pvAccess, the newer protocol of EPICS: PVs with structures as values, read, written, monitored and called.
 *
 * From the bottom up: `pvScalar` and `pvField` are the types, `pvaReader`, `pvaWriter`, `pvFieldCodec`,
 * `pvData` and `bitSet` encode them, `pvaMessage` frames messages, `pvaConnection` is the TCP connection to
 * one server, `pvaOperation`, `pvaGet` and `pvaMonitor` use it for one channel each, `pvaSearch` says how
 * PVs are searched, and `pvaChannel` is one PV that is found, connected, lost and found again. This chapter
 * uses `search/` and `server/`, and no signals. Begin reading with `pvaChannel`.
 */

export { PvaChannel } from "./pvaChannel";
export { acquirePvaChannel } from "./pvaChannels";
export type { PvValue } from "./pvaGet";
export type { PvStructure } from "./pvData";
export type { PvField, StructureField } from "./pvField";
