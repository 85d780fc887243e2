import { expect } from "chai";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { runPython } from "../../peers/peers";

describe("secop-ophyd on the simulated node", () => {
  it("opens it, with every module and property", async () => {
    const node = await startSimNode();
    try {
      const output = await runPython("test/sim/server/secopOphyd.py", [node.uri.replace("127.0.0.1", "localhost")]);
      const { name, children } = JSON.parse(output.trim().split("\n").at(-1) ?? "");
      expect(name).to.equal("demo");
      expect(children).to.include.members(["cryo", "heater", "sensor", "magnet", "gas", "oxygen", "argon", "types"]);
      expect(children).to.include.members(["equipment_id", "firmware"]);
    } finally {
      await node.close();
    }
  });
});
