/** Tests of the search for PVs by UDP. */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect } from "chai";
import { CaCommand, encodeMessage } from "../../../lib/epics/ca/caMessage";
import { CA_ADDRESSES, CA_SEARCH } from "../../../lib/epics/ca/caSearch";
import { NameSearch } from "../../../lib/epics/search/nameSearch";
import { searchAddresses } from "../../../lib/epics/server/serverAddresses";

describe("the search for PVs", () => {
  const { EPICS_CA_ADDR_LIST, EPICS_CA_AUTO_ADDR_LIST } = process.env;
  after(() => {
    for (const [name, value] of Object.entries({ EPICS_CA_ADDR_LIST, EPICS_CA_AUTO_ADDR_LIST })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("continues after datagrams that are not Channel Access", async () => {
    const server = createSocket("udp4");
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    const tooLarge = Buffer.alloc(24);
    tooLarge.writeUInt16BE(CaCommand.search, 0);
    tooLarge.writeUInt16BE(0xffff, 2);
    tooLarge.writeUInt32BE(0xffff_ffff, 16);
    const answer = Buffer.concat(encodeMessage(CaCommand.search, { dataType: 5123, parameter1: 0, parameter2: 7 }));
    server.on("message", (_request, { port, address }) => {
      for (const datagram of [tooLarge, Buffer.alloc(3), answer]) server.send(datagram, port, address);
    });
    process.env.EPICS_CA_ADDR_LIST = `127.0.0.1:${server.address().port}`;
    process.env.EPICS_CA_AUTO_ADDR_LIST = "NO";
    const search = new NameSearch(CA_SEARCH);
    const found = await new Promise((resolve) => search.find(7, "X", 0, resolve));
    expect(found).to.deep.equal({ host: "127.0.0.1", port: 5123 });
    server.close();
  });

  it("leaves out malformed addresses", () => {
    const listed = (list: string, port = "") =>
      searchAddresses(CA_ADDRESSES, {
        EPICS_CA_ADDR_LIST: list,
        EPICS_CA_SERVER_PORT: port,
        EPICS_CA_AUTO_ADDR_LIST: "no",
      });
    expect(listed("a:99999 b:x :7 c:6000  d", "70000")).to.deep.equal([
      { host: "c", port: 6000 },
      { host: "d", port: 5064 },
    ]);
    expect(listed("a", "5070")).to.deep.equal([{ host: "a", port: 5070 }]);
  });
});
