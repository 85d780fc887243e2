import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { applySettings, getSettings, loadSettings, saveSettings } from "../../../lib/core/standard/deviceSettings";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { closeAll, connectTo } from "../connect";

describe("settings of a node", () => {
  afterEach(closeAll);

  it("can be saved to a file and restored, for every datainfo", async () => {
    const dir = mkdtempSync(join(tmpdir(), "settings-"));
    const sim = await startSimNode({ version: "2.0" });
    try {
      const node = await connectTo(sim.uri);
      const { types } = node;
      await types.int64.set(2n ** 60n);
      await types.doubles.set([0.1, 1e300]);
      await types.points.set([{ position: { x: 1, y: 2 }, state: "+1 mm", range: [1, "a"] }]);
      const file = join(dir, "node.yaml");
      await saveSettings(file, await getSettings(node));
      expect(readFileSync(file, "utf8")).to.contain(`types.int64: ${2n ** 60n}\n`);
      expect(await applySettings(node, await loadSettings(file))).to.deep.equal([]);
      const changes = [
        ["int64", 5],
        ["doubles", []],
        ["points", []],
        ["blob", new Uint8Array([9])],
        ["tuple", [1, true, "b"]],
        ["struct", { name: "x", count: 3 }],
      ] as const;
      const before = new Map<string, unknown>();
      for (const [name, value] of changes) {
        before.set(name, await types[name].getValue());
        await types[name].set(value);
      }
      const changed = await applySettings(node, await loadSettings(file));
      expect(changed).to.have.members(changes.map(([name]) => `types.${name}`));
      for (const [name, value] of before) expect(await types[name].getValue(), name).to.deep.equal(value);
    } finally {
      await closeAll();
      await sim.close();
      rmSync(dir, { recursive: true });
    }
  });
});
