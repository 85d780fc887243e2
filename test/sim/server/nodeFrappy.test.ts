import { expect } from "chai";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { runPython } from "../../peers/peers";

describe("frappy's client on the simulated node", () => {
  it("connects, reads, moves the cryostat, runs a command, and gets the refusals that it expects", async () => {
    const node = await startSimNode({ speed: 60 });
    try {
      const output = await runPython("test/sim/server/frappyClient.py", [node.uri]);
      const seen = JSON.parse(output.trim().split("\n").at(-1) ?? "");
      expect(seen).to.deep.include({
        equipment_id: "demo",
        modules: ["argon", "cryo", "gas", "heater", "magnet", "oxygen", "sensor", "types"],
        changed: 11,
        busy_at_changed: true,
        statuses: [100, 370, 380],
        steps: 4,
        unexpected_argument: "WrongTypeError",
        range: "RangeError",
        readonly: "ReadOnlyError",
        impossible: "ImpossibleError",
      });
      expect(seen.reached).to.be.closeTo(11, 0.1);
    } finally {
      await node.close();
    }
  });
});
