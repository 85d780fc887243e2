/**
 * The search for PVs, whatever protocol they speak.
 *
 * `serverAddresses` reads the environment, `nameSearch` asks by UDP and `nameServers` by TCP until a server
 * answers; what is sent is the concern of a `searchProtocol`. `pvAvailability` is the state of one PV, for
 * callers that wait for it. Begin reading with `nameSearch`.
 */

export { NameSearch, type OnFound } from "./nameSearch";
export { PvAvailability } from "./pvAvailability";
export type { NameServerLink, OnAnswer, SearchAnswer, SearchProtocol, WantedName } from "./searchProtocol";
export {
  type AddressVariables,
  isBroadcast,
  nameServerAddresses,
  searchAddresses,
  type UdpAddress,
} from "./serverAddresses";
