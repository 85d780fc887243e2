/** Tests of reads that share one operation, with a server that never answers. */

import { expect } from "chai";
import { PvaGet } from "../../../lib/epics/pva/pvaGet";
import type { CreatedChannel } from "../../../lib/epics/pva/pvaOperation";

describe("reads of one PV by pvAccess", () => {
  it("end at the server when the last of several readers has given up, so that a later one asks anew", async () => {
    const began: number[] = [];
    const ended: number[] = [];
    const connection = {
      begin: () => began.push(began.length),
      send: () => {},
      end: (id: number) => void ended.push(id),
    };
    const get = new PvaGet({ connection, serverId: 1 } as unknown as CreatedChannel, "BL:T", []);
    const [first, second] = [new AbortController(), new AbortController()];
    const reads = [get.read(first.signal), get.read(second.signal)].map((read) => read.catch((e: Error) => e.message));
    first.abort();
    expect(ended).to.deep.equal([]);
    second.abort();
    expect(ended).to.deep.equal([1]);
    const givenUp = "cannot read BL:T: it was given up";
    expect(await Promise.all(reads)).to.deep.equal([givenUp, givenUp]);
    expect(began).to.have.length(1);
    void get.read().catch(() => {});
    expect(began).to.have.length(2);
  });
});
