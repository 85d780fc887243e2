/** How the nodes that a process simulates are found by the texts of their addresses. */

import { expect } from "chai";
import { isSimulatedHere, isTwinHere } from "../../../lib/secop/link/simulatedNodes";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { realDescription } from "../../descriptions/descriptions";
import { freePort } from "../../support/freePort";

const FORMS = ["", "tcp://", "ws://", "TCP://"].flatMap((scheme) => [`${scheme}127.0.0.1`, `${scheme}localhost`]);

describe("a node that this process simulates", () => {
  it("is found by each text of its address until it is closed", async () => {
    const node = await startSimNode({ modules: ["magnet"] });
    const found = () => [...FORMS, "LocalHost"].map((host) => isSimulatedHere(`${host}:${node.port}`));
    expect(found()).to.not.include(false);
    expect(isSimulatedHere(`ws://localhost:${node.port}/path`)).to.equal(true);
    expect(isSimulatedHere(`127.0.0.1:${await freePort()}`)).to.equal(false);
    expect(isSimulatedHere(`192.0.2.1:${node.port}`)).to.equal(false);
    expect(FORMS.some((host) => isTwinHere(`${host}:${node.port}`))).to.equal(false);
    await node.close();
    expect(found()).to.not.include(true);
  });

  it("is a twin by each text of its address if it was made from a description", async () => {
    await using twin = await simulate(realDescription("cryo"));
    expect(FORMS.filter((host) => !isTwinHere(`${host}:${twin.port}`))).to.deep.equal([]);
  });
});
