/** The channels of pvAccess in this process. */

import { channelPool } from "../search/channelPool";
import { PvaChannel } from "./pvaChannel";
import { PvaConnection } from "./pvaConnection";
import { PVA_SEARCH } from "./pvaSearch";

/** The channel of a PV, with the function that releases it. */
export const acquirePvaChannel = channelPool(
  PVA_SEARCH,
  (address, onClosed) => new PvaConnection(address, onClosed),
  (id, name, context) => new PvaChannel(id, name, context),
);
