import { expect } from "chai";
import { SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { UsageError } from "../../lib/errors";
import { simulate } from "../../lib/sim/simulate";
import { startSimNode } from "../../lib/sim/startSimNode";
import { failure } from "../support/failure";

describe("startSimNode", () => {
  it("makes a node that can be read as a whole, as `count([node])` does", async () => {
    await using sim = await startSimNode({ version: "2.0" });
    const node = new SecopNodeDevice(sim.uri);
    try {
      await node.connect();
      expect(await node.read()).to.include.keys("demo-cryo-value", "demo-types-value");
      expect(await node.readConfiguration()).to.include.keys("demo-types-matrix2", "demo-cryo-ramp");
    } finally {
      await node.dispose();
    }
  });

  it("describes a system only if all its modules are present", async () => {
    await using sim = await startSimNode({ modules: ["cryo", "sensor"] });
    const node = new SecopNodeDevice(sim.uri);
    try {
      await node.connect();
      expect(node.description.problems).to.deep.equal([]);
      expect([...node.description.systems.keys()]).to.deep.equal([]);
    } finally {
      await node.dispose();
    }
  });

  it("says what to do if the port is taken", async () => {
    await using first = await startSimNode();
    const error = await failure(startSimNode({ port: first.port }));
    expect(error).to.be.instanceOf(UsageError);
    expect(error.message).to.equal(
      `port ${first.port} is taken by another program: choose another one, or 0 for any that is free`,
    );
  });

  it("refuses unknown options, and names the nearest one", async () => {
    // @ts-expect-error
    const error = await failure(startSimNode({ sped: 60 }));
    expect(error).to.be.instanceOf(UsageError);
    expect(error.message).to.equal(
      "startSimNode has no option sped (speed?): it takes port, host, speed, webSocket, discoveryPort, version, modules",
    );
    // @ts-expect-error
    expect((await failure(simulate({ modules: {} }, { modules: [] }))).message).to.match(/has no option modules/);
  });
});
