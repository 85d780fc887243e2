/** Tests of the channel of one PV. */

import { expect } from "chai";
import { PvChannel } from "../../../lib/epics/ca/pvChannel";
import type { NameSearch } from "../../../lib/epics/search/nameSearch";

describe("a channel of EPICS", () => {
  it("is not searched again if its user releases it when it is lost", () => {
    let searches = 0;
    const search = { find: () => (searches += 1), forget: () => {} } as unknown as NameSearch;
    const context = {
      search,
      addressVariable: "EPICS_CA_ADDR_LIST",
      serverAt: () => {
        throw new Error("this test finds no server");
      },
    };
    const kept = new PvChannel(1, "KEPT", context);
    kept.lost("the test says so");
    expect(searches).to.equal(2);
    const channel = new PvChannel(2, "LET-GO", context);
    channel.monitor(() => channel.release());
    channel.lost("the test says so");
    expect(searches).to.equal(3);
  });
});
