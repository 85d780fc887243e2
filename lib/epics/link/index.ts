/**
 * One PV in use by a signal: `pvLink` is the interface, `caLink` and `pvaLink` speak the two protocols, and
 * `pvAddress` chooses between them by the address. Begin reading with `pvLink`.
 */

export { type PvAddress, pvAddress } from "./pvAddress";
export type { OpenPvLink, PvLink } from "./pvLink";
