/** Nodes that are older than the specification, or do not follow it, are used as far as possible. */

import { expect } from "chai";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { failure } from "../support/failure";
import { useScriptedClient } from "../support/scriptedClient";
import { DESCRIPTION } from "../support/scriptedNode";
import { item } from "../support/wait";

/** Resolves when the condition is true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a client tolerates", () => {
  const lab = useScriptedClient();

  it("a status without its text", async () => {
    await lab.connect();
    for (const wire of ["[100]", "[100, null]", "100"]) {
      const next = item(lab.client, "m", "status");
      lab.node.update(`update m:status [${wire}, {"t": ${1000 + wire.length}}]`);
      expect((await next).value, wire).to.deep.equal(["IDLE", ""]);
    }
  });

  it("a null instead of a value, which is no value yet", async () => {
    await lab.connect();
    const next = item(lab.client, "m", "value");
    lab.node.update("update m:value [null, {}]");
    const { error } = await next;
    expect(error?.message).to.equal("m:value has no value yet: the node sent null");
    expect(error).to.deep.include({ module: "m", accessible: "value" });
  });

  it("an identification of three fields", async () => {
    lab.node.answer = (line) => (line === "*IDN?" ? "ISSE&SINE2020,SECoP,V2019-09-16" : undefined);
    await lab.connect();
    expect(lab.client.state.name).to.equal("connected");
  });

  for (const activate of [true, ["m"]]) {
    it(`"active ." in answer to ${activate === true ? "activate" : "activate m"}`, async () => {
      lab.node.answer = (line) => (line.startsWith("activate") ? ["update m:value [7, {}]", "active ."] : undefined);
      await lab.connect({ activate, timeout: 2 });
      expect(lab.client.cache.get("m", "value")?.value).to.equal(7);
    });
  }

  for (const answer of [['error_activate  ["ProtocolError", "unknown action", {}]'], []]) {
    it(`a node that ${answer.length > 0 ? "refuses" : "does not answer"} activate: its parameters are read again and again`, async () => {
      let value = 0;
      lab.node.answer = (line) => {
        if (line.startsWith("activate")) return answer;
        if (line !== "read m:value") return undefined;
        value += 1;
        return `reply m:value [${value}, {}]`;
      };
      await lab.connect({ timeout: 0.5 });
      expect(lab.client.cache.get("m", "value")).to.deep.include({ error: undefined, stale: false });
      await until(() => Number(lab.client.cache.get("m", "value")?.value) >= 3);
    });
  }

  it("a node that does not answer ping", async () => {
    lab.node.answer = (line) => (line.startsWith("ping") ? [] : undefined);
    await lab.connect({ timeout: 0.3 });
    const before = lab.node.connections;
    await until(() => lab.node.received.filter((line) => line.startsWith("ping")).length >= 4);
    await until(() => lab.node.received.filter((line) => line === "read m:value").length >= 2);
    expect(lab.client.state.name).to.equal("connected");
    expect(lab.node.connections).to.be.lessThanOrEqual(Math.max(before, 2));
  });

  it("a read that is answered only by an update to the other connection", async () => {
    lab.node.answer = (line) => {
      if (line !== "read m:value") return undefined;
      lab.node.update("update m:value [9, {}]");
      return [];
    };
    await lab.connect({ connections: 2 });
    await until(() => lab.node.connections === 2 && lab.node.received.filter((l) => l === "*IDN?").length === 2);
    expect((await lab.client.read("m", "value")).value).to.equal(9);
  });

  it("times in milliseconds, which it says", async () => {
    await lab.connect();
    const next = item(lab.client, "m", "value");
    lab.node.update('update m:value [3, {"t": 1795325308259.5}]');
    expect((await next).timestamp).to.equal(1795325308.2595);
    expect(lab.logged.join("\n")).to.contain("the node sends times in milliseconds (first for m:value)");
  });

  it("the order of modules and accessibles that old nodes declare", () => {
    const { m } = DESCRIPTION.modules;
    const { modules } = parseDescription({
      ...DESCRIPTION,
      order: ["z", "m"],
      modules: { m: { ...m, order: ["target", "gone"] }, z: m },
    });
    expect([...modules.keys()]).to.deep.equal(["z", "m"]);
    expect([...(modules.get("m")?.accessibles.keys() ?? [])].slice(0, 2)).to.deep.equal(["target", "value"]);
  });

  it("descriptions from before SECoP 1.0, and says that they are that", () => {
    const first = (modules: unknown) => parseDescription({ ...DESCRIPTION, modules }).problems[0];
    const words = "this is a description from before SECoP 1.0";
    expect(first([["m", {}]])).to.equal(`${words}: its modules are a list, not an object`);
    expect(first({ m: { accessibles: [] } })).to.equal(`${words}: the accessibles of m are a list, not an object`);
    expect(first({ m: { parameters: {}, commands: {} } })).to.contain(words);
    expect(first({ m: { interface_class: "Readable", accessibles: {} } })).to.contain(words);
  });

  it("no node at all that closes the line instead of answering", async () => {
    lab.node.answer = (_line, peer) => {
      peer.socket.end();
      return [];
    };
    expect((await failure(lab.connect({ timeout: 1 }))).message).to.contain("ended the connection");
  });
});
