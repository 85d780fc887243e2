import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect } from "chai";
import { UsageError } from "../../../lib/errors";
import { discoverNodes } from "../../../lib/secop/wire/discoverNodes";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { freePort } from "../../support/freePort";

describe("a simulated node with a discovery port", () => {
  it("is discovered while it runs, with its port", async () => {
    const port = await freePort();
    const ask = () => discoverNodes({ port, addresses: ["127.0.0.1"], timeout: 0.3 });
    const node = await startSimNode({ modules: ["sensor"], discoveryPort: port });
    try {
      const [found, ...others] = await ask();
      expect(found).to.deep.include({ uri: node.uri, equipment_id: "demo", firmware: "secop-lab simulator" });
      expect(others).to.deep.equal([]);
    } finally {
      await node.close();
    }
    expect(await ask()).to.deep.equal([]);
  });

  it("answers discovery requests only, in one short packet", async () => {
    const port = await freePort();
    const modules = { m: { description: "", interface_classes: [], accessibles: {} } };
    const description = { equipment_id: "long", description: "ä".repeat(1000), modules };
    const node = await simulate(description, { discoveryPort: port });
    const socket = createSocket("udp4").bind(0, "127.0.0.1");
    try {
      await once(socket, "listening");
      const answers: Buffer[] = [];
      socket.on("message", (packet) => answers.push(packet));
      const answered = once(socket, "message");
      for (const packet of ["", "{", "null", '{"SECoP":"node","port":5}', '{"SECoP":"discover"}']) {
        socket.send(packet, port, "127.0.0.1");
      }
      await answered;
      expect(answers).to.have.length(1);
      expect(answers[0]?.length).to.be.within(500, 508);
      expect(JSON.parse(String(answers[0])).description).to.match(/^ä{200,}$/);
    } finally {
      socket.close();
      await node.close();
    }
  });

  it("reports a taken port, and leaves no socket open", async () => {
    const taken = createSocket("udp4").bind(0);
    await once(taken, "listening");
    try {
      const error = await startSimNode({ discoveryPort: taken.address().port }).catch((e: Error) => e);
      expect(error)
        .to.be.instanceOf(UsageError)
        .with.property("message")
        .that.matches(
          /^UDP port \d+ is taken by another node on this machine: start this one without discovery, or on another UDP port$/,
        );
    } finally {
      taken.close();
    }
  });
});
