/** The channels of Channel Access in this process. */

import { channelPool } from "../search/channelPool";
import { CA_SEARCH } from "./caSearch";
import { Circuit } from "./circuit";
import { PvChannel } from "./pvChannel";

/** The channel of a PV, with the function that releases it. */
export const acquireChannel = channelPool(
  CA_SEARCH,
  (address, onClosed) => new Circuit(address, onClosed),
  (id, name, context) => new PvChannel(id, name, context),
);
