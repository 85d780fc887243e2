/**
 * The client on the simulated node, for features that frappy lacks: WebSocket, matrix, check, systems,
 * error_closed.
 */

import { expect } from "chai";
import { NotCheckableError, SecopRangeError } from "../../lib/errors";
import { SecopClient } from "../../lib/secop/client";
import type { Matrix } from "../../lib/secop/values/codecFor";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { failure } from "../support/failure";
import { silentLog } from "../support/silentLog";
import { item, state } from "../support/wait";

describe("SecopClient on the simulated node", () => {
  let node: SimNode;
  let client: SecopClient;

  for (const scheme of ["tcp", "ws"]) {
    describe(`over ${scheme}`, () => {
      before(async () => {
        node = await startSimNode({ version: "2.0", speed: 60 });
        client = await SecopClient.connect(`${scheme}://${node.uri}`, { log: silentLog });
      });
      after(async () => {
        await client.close();
        await node.close();
      });

      it("reads every parameter", async () => {
        expect(client.description.problems).to.deep.equal([]);
        for (const module of client.description.modules.values()) {
          for (const { kind, name } of module.accessibles.values()) {
            if (kind !== "parameter") continue;
            expect((await client.read(module.name, name)).error, `${module.name}:${name}`).to.equal(undefined);
          }
        }
      });

      it("moves the cryostat and gets updates on the way", async () => {
        const arrived = item(client, "cryo", "setpoint", ({ value }) => value === 12);
        await client.change("cryo", "target", 12);
        await arrived;
        await client.do("cryo", "stop");
      });

      it("gets a matrix as a typed array with a shape", async () => {
        const image = await client.do<Matrix>("camera", "get_data");
        expect(image.data).to.be.instanceOf(Uint32Array);
        expect(image.shape.length).to.equal(2);
        expect(image.shape.reduce((a, b) => a * b)).to.equal(image.data.length);
      });

      it("keeps integers beyond 2^53", async () => {
        expect((await client.change("types", "_int64", 2n ** 60n + 1n)).value).to.equal(2n ** 60n + 1n);
      });

      it("sends and gets any text", async () => {
        expect((await client.change("types", "_text", 'Ä😀\n\u2028"')).value).to.equal('Ä😀\n\u2028"');
      });

      it("checks a value without setting it, where the node can", async () => {
        const before = (await client.read("cryo", "target")).value;
        const checkable = [...client.description.modules.values()].flatMap((m) =>
          [...m.accessibles.values()].filter((a) => a.checkable).map((a) => [m.name, a.name] as const),
        );
        expect(checkable).to.deep.include(["cryo", "target"]);
        expect((await client.check("cryo", "target", 20)).value).to.equal(20);
        expect((await client.read("cryo", "target")).value).to.equal(before);
        expect(await failure(client.check("cryo", "target", 1000))).to.be.instanceOf(SecopRangeError);
        const recipe = (id: number) => ({ name: "x", id, sort: false });
        expect((await client.check("gas", "_start_recipe", recipe(1))).value).to.deep.equal(recipe(1));
        expect((await failure(client.check("gas", "_start_recipe", recipe(77)))).message).to.match(
          /^gas:_start_recipe would refuse \{"name":"x","id":77,"sort":false\}: recipe 77 is not stored/,
        );
        expect(await failure(client.check("types", "_double", 1))).to.be.instanceOf(NotCheckableError);
      });

      it("knows the systems", () => {
        expect(client.description.systems.get("cryostat")?.modules.get("temperature_regulation")).to.equal("cryo");
      });

      it("comes back when the connections are cut", async () => {
        node.dropClients();
        await state(client, "reconnecting");
        await state(client, "connected");
        expect((await client.read("cryo", "value")).value).to.be.a("number");
      });

      it("comes back when the node ends the session for another description", async () => {
        const { modules } = node.description as { modules: Record<string, unknown> };
        node.redescribe({ ...node.description, modules: { cryo: modules.cryo } }, "error_closed");
        await state(client, "reconnecting");
        await state(client, "connected");
        expect([...client.description.modules.keys()]).to.deep.equal(["cryo"]);
      });
    });
  }

  it("says over WebSocket as well what is wrong", async () => {
    node = await startSimNode({ webSocket: false });
    expect((await failure(SecopClient.connect(`ws://${node.uri}`, { log: silentLog, timeout: 1 }))).message).to.match(
      /^cannot connect to ws:\/\/127/,
    );
    await node.close();
    expect((await failure(SecopClient.connect(`ws://${node.uri}`, { log: silentLog }))).message).to.match(
      /connection refused/,
    );
  });
});
