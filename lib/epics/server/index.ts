/**
 * Servers of EPICS, whatever protocol they speak.
 *
 * `serverAddresses` reads from the environment where they are, and `serverConnection` is what the TCP
 * connections of both protocols share. This chapter uses the ground floor only. Begin reading with
 * `serverConnection`.
 */

export {
  type AddressVariables,
  isBroadcast,
  nameServerAddresses,
  searchAddresses,
  type UdpAddress,
} from "./serverAddresses";
export { type ServerChannel, ServerConnection } from "./serverConnection";
