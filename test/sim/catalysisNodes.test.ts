import { expect } from "chai";
import { SecopClient } from "../../lib/secop/client";
import { startGasDosing, startReactorCell } from "../../lib/sim/catalysisNodes";
import { ReactorCell, ROOM } from "../../lib/sim/physics/reactorCell";

describe("ReactorCell", () => {
  it("reaches a setpoint without a lasting error, and the bed follows", () => {
    const cell = new ReactorCell();
    cell.advance(1800, () => 400);
    expect(cell.furnace).to.be.closeTo(400, 0.5);
    expect(cell.bed).to.be.closeTo(400, 1);
  });

  it("cools no further than the room", () => {
    const cell = new ReactorCell();
    cell.furnace = 300;
    cell.advance(20_000, () => ROOM);
    expect(cell.furnace).to.be.closeTo(ROOM, 0.5);
  });
});

describe("the catalysis nodes", () => {
  it("start a recipe by a struct, report its steps, are busy, and refuse an unknown recipe", async () => {
    await using node = await startGasDosing({ speed: 100 });
    const client = await SecopClient.connect(node.uri);
    expect(await client.do("gas", "_start_recipe", { name: "reduce", id: 2, sort: true })).to.equal(6);
    expect((await client.read("gas", "status")).value).to.deep.equal(["BUSY", "recipe reduce"]);
    await client.do("gas", "stop");
    const refusal = await client
      .do("gas", "_start_recipe", { name: "reduce", id: 99, sort: true })
      .catch((e: Error) => e);
    expect(String(refusal)).to.match(/Impossible.*recipe 99 is not stored/);
    await client.close();
  });

  it("ramp the furnace at the given speed", async () => {
    await using node = await startReactorCell({ speed: 1 });
    const client = await SecopClient.connect(node.uri);
    await client.change("regulation", "ramp", 60);
    await client.change("regulation", "target", 100);
    expect((await client.read("regulation", "status")).value).to.deep.equal(["RAMPING", "going to 100 degC"]);
    await client.close();
  });
});
