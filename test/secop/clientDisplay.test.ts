import { expect } from "chai";
import { $display } from "../../lib/display/mimeBundle";
import { SecopClient } from "../../lib/secop/client";
import { DESCRIPTION, ScriptedNode } from "../support/scriptedNode";

describe("a client in a notebook", () => {
  let node: ScriptedNode;
  let client: SecopClient;

  beforeEach(async () => {
    node = await ScriptedNode.start();
  });
  afterEach(async () => {
    await client.close();
    await node.close();
  });

  it("shows what it is connected to and what it knows", async () => {
    client = await SecopClient.connect(node.uri);
    const shown = client[$display]();
    expect(shown["text/plain"]).to.match(new RegExp(`^scripted.test · connected · ${node.uri}\nm\n`));
    expect(shown["text/plain"]).to.match(/^ {2}value +1\.5 K$/m);
    expect(shown["text/plain"]).to.match(/^ {2}target +not known yet$/m);
    expect(shown["text/html"]).to.include("1.5 K");
  });

  it("says before it is connected that it is not", () => {
    client = new SecopClient(node.uri);
    expect(client[$display]()["text/plain"]).to.equal(`${node.uri} · disconnected · ${node.uri} · not connected yet`);
  });

  it("renders nothing a node says as HTML", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    const { m } = DESCRIPTION.modules;
    const module = { ...m, interface_classes: [evil], accessibles: { ...m.accessibles, [evil]: m.accessibles._text } };
    node.description = { ...DESCRIPTION, equipment_id: evil, firmware: evil, modules: { [evil]: module, m: module } };
    node.answer = (line) =>
      line === "activate"
        ? [`update m:_text ["${evil}", {}]`, `error_update m:value ["X", "${evil}"]`, "active"]
        : undefined;
    client = await SecopClient.connect(node.uri, { log: { debug() {}, info() {}, warn() {}, error() {} } });
    expect(client[$display]()["text/html"]).not.to.include("<img");
  });
});
