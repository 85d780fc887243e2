import { expect } from "chai";
import { SecopClient } from "../../../lib/secop/client";
import { startSimNode } from "../../../lib/sim/startSimNode";

describe("our client on the simulated node", () => {
  for (const scheme of ["tcp", "ws"]) {
    it(`reads, changes and runs commands over ${scheme}, with every datainfo`, async () => {
      const node = await startSimNode({ version: "2.0", speed: 100 });
      const client = await SecopClient.connect(`${scheme}://${node.uri}`);
      try {
        const values: [string, unknown][] = [
          ["_double", 12.5],
          ["_scaled", 1.2],
          ["_int", -7],
          ["_int64", 2n ** 61n + 1n],
          ["_bool", true],
          ["_enum", "6.32mOhm"],
          ["_string", "a b"],
          ["_text", "Ångström 😀"],
          ["_blob", new Uint8Array([1, 2, 255])],
          ["_doubles", new Float64Array([1, 2.5])],
          ["_ints", new Int32Array([1, 255])],
          ["_strings", ["a", ""]],
          ["_matrix2", [new Float64Array([1]), new Float64Array([2, 3])]],
          ["_tuple", [1.5, true, "b"]],
          ["_struct", { name: "n", count: 3 }],
          ["_nested", { position: { x: 1, y: 2, z: 3 }, state: "Low Energy", range: [3, "r"] }],
        ];
        for (const [name, value] of values) {
          expect((await client.change("types", name, value)).value, name).to.deep.equal(value);
          expect((await client.read("types", name)).value, name).to.deep.equal(value);
        }
        const image = (await client.read("camera", "_image")).value as { shape: number[]; data: unknown };
        expect(image.shape).to.deep.equal([24, 32]);
        expect(image.data).to.be.instanceOf(Uint32Array);
        expect(await client.do("types", "_add", [1, 2])).to.equal(3);
      } finally {
        await client.close();
        await node.close();
      }
    });
  }
});
