/** Tests of the channel of one PV. */

import { expect } from "chai";
import { PvChannel } from "../../../lib/epics/ca/pvChannel";
import type { NameSearch } from "../../../lib/epics/search/nameSearch";
import { PvAvailability } from "../../../lib/epics/search/pvAvailability";
import { failureText } from "../../support/failure";

describe("a channel of EPICS", () => {
  let searches = 0;
  const search = { find: () => (searches += 1), forget: () => {} } as unknown as NameSearch;
  const context = {
    search,
    addressVariable: "EPICS_CA_ADDR_LIST",
    serverAt: () => {
      throw new Error("this test finds no server");
    },
  };

  it("is not searched again if its user releases it when it is lost", () => {
    searches = 0;
    const kept = new PvChannel(1, "KEPT", context);
    kept.lost("the test says so");
    expect(searches).to.equal(2);
    const channel = new PvChannel(2, "LET-GO", context);
    channel.monitor(() => channel.release());
    channel.lost("the test says so");
    expect(searches).to.equal(3);
  });

  it("ends all waits for it when it is released", async () => {
    const channel = new PvChannel(3, "GONE", context);
    const waiting = failureText(channel.connected({ timeout: null }));
    channel.release();
    expect(await waiting).to.equal("GONE was disposed");
    expect(await failureText(channel.connected({ timeout: null }))).to.equal("GONE was disposed");
  });

  it("that is lost counts as restored when it is released, so that a plan does not wait for ever", async () => {
    const availability = new PvAvailability("GONE", "EPICS_CA_ADDR_LIST");
    availability.there();
    availability.lose("the test says so");
    const restored = availability.lostConnection?.restored;
    availability.end();
    expect(await restored).to.equal(undefined);
    expect(availability.lostConnection).to.equal(undefined);
  });
});
