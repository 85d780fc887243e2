/**
 * One PV in use by a signal, whatever protocol it speaks.
 *
 * `pvLink` is the interface, `caLink` and `pvaLink` speak the two protocols, and `pvAddress` chooses between
 * them by the address. This chapter uses `ca/`, `pva/` and `values/`. Begin reading with `pvLink`.
 */

export { type PvAddress, pvAddress } from "./pvAddress";
export type { OpenPvLink, PvLink } from "./pvLink";
