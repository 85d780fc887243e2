import { expect } from "chai";
import { SecopClient } from "../../../lib/secop/client";
import { failure } from "../../support/failure";
import { DESCRIPTION, ScriptedNode } from "../../support/scriptedNode";
import { item } from "../../support/wait";

const { m } = DESCRIPTION.modules;
const offset = { description: "o", datainfo: { type: "double" }, readonly: false };
const describeWith = (features: string[]) => ({
  ...DESCRIPTION,
  modules: { m: { ...m, features, accessibles: { ...m.accessibles, offset } } },
});

describe("the offset of a module", () => {
  let node: ScriptedNode;
  let client: SecopClient;

  const connect = async (features: string[]) => {
    node.description = describeWith(features);
    node.answer = (line, peer) => {
      if (line !== "activate") return undefined;
      for (const update of ["m:value [1.5, {}]", "m:target [7, {}]", "m:offset [10, {}]"])
        peer.send(`update ${update}`);
      return "active";
    };
    client = await SecopClient.connect(node.uri, { connections: 1 });
  };

  beforeEach(async () => {
    node = await ScriptedNode.start();
  });
  afterEach(async () => {
    await client.close();
    await node.close();
  });

  it("is added to value and target by the client where the feature HasOffset says so", async () => {
    await connect(["HasOffset"]);
    expect(client.cache.get("m", "value")?.value).to.equal(11.5);
    expect(client.cache.get("m", "target")?.value).to.equal(17);
    expect((await client.change("m", "target", 30)).value).to.equal(30);
    expect(node.received).to.include("change m:target 20");
    expect((await failure(client.change("m", "target", 5))).message).to.equal(
      "cannot set m:target to 5 K: the node allows 10 K to 335 K",
    );
  });

  it("moves value and target when it changes", async () => {
    await connect(["HasOffset"]);
    const moved = item(client, "m", "value");
    await client.change("m", "offset", 20);
    expect((await moved).value).to.equal(21.5);
    expect(client.cache.get("m", "target")?.value).to.equal(27);
  });

  it("is left to the node without that feature (SECoP 2.0)", async () => {
    await connect([]);
    expect(client.cache.get("m", "value")?.value).to.equal(1.5);
  });
});
