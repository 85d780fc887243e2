import { expect } from "chai";
import { firstValueFrom } from "rxjs";
import { SecopClient } from "../../lib/secop/client";
import { failure } from "../support/failure";
import { ScriptedNode } from "../support/scriptedNode";
import { state } from "../support/wait";

describe("the log of a node", () => {
  let node: ScriptedNode;
  let client: SecopClient;
  let reported: string[];

  beforeEach(async () => {
    reported = [];
    node = await ScriptedNode.start();
    const to = (level: string) => (text: string) => reported.push(`${level} ${text}`);
    client = await SecopClient.connect(node.uri, {
      log: { debug: to("debug"), info: () => {}, warn: to("warn"), error: to("error") },
    });
    node.answer = (line) => (line.startsWith("logging") ? line.replace(/"\w+"$/, '"info"') : undefined);
  });
  afterEach(async () => {
    await client.close();
    await node.close();
  });

  it("comes to the client's log and stream once asked for, with the level the node grants", async () => {
    expect(await client.logging("debug", "m")).to.equal("info");
    expect(node.received).to.include('logging m "debug"');
    const message = firstValueFrom(client.log$);
    node.update('log m:warning "hot <b>"');
    expect(await message).to.deep.equal({ module: "m", level: "warning", text: "hot <b>" });
    expect(reported).to.deep.equal([`warn ${node.uri} m: hot <b>`]);
  });

  it("is asked for again after a reconnect", async () => {
    await client.logging("error");
    node.received.length = 0;
    node.drop();
    await state(client, "reconnecting");
    await state(client, "connected");
    await client.ping();
    expect(node.received).to.include('logging  "error"');
  });

  it("may be switched off, in the form of any version", async () => {
    for (const answer of ['logging m "off"', "logging m false"]) {
      node.answer = (line) => (line.startsWith("logging") ? answer : undefined);
      expect(await client.logging("off", "m")).to.equal("off");
    }
  });

  it("may be refused", async () => {
    node.answer = (line) => (line.startsWith("logging") ? 'error_logging x ["NoSuchModule", "x?", {}]' : undefined);
    expect((await failure(client.logging("info", "x"))).message).to.equal("cannot get the log of x: x?");
  });
});
