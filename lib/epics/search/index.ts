/**
 * The search for PVs, whatever protocol they speak.
 *
 * `nameSearch` asks by UDP and `nameServers` by TCP until a server answers; what is sent is the concern of a
 * `searchProtocol`, and `datagrams` packs it. `searchedPv` is a PV that is found, lost and found again,
 * `pvAvailability` its state for callers that wait for it, and `channelPool` shares one per name. This
 * chapter uses `server/`. Begin reading with `nameSearch`.
 */

export { channelPool } from "./channelPool";
export { datagramsOf } from "./datagrams";
export { NameSearch, type OnFound } from "./nameSearch";
export { PvAvailability } from "./pvAvailability";
export { type PvContext, SearchedPv } from "./searchedPv";
export type { NameServerLink, OnAnswer, SearchAnswer, SearchProtocol, WantedName } from "./searchProtocol";
