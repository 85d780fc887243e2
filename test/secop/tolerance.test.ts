/** Nodes that are older than the specification, or do not follow it, are used as far as possible. */

import { expect } from "chai";
import type { ModuleDescription } from "../../lib/secop/description/description";
import { interfaceClassOf } from "../../lib/secop/description/interfaceClass";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { codecFor } from "../../lib/secop/values/codecFor";
import { parseDatainfo } from "../../lib/secop/values/datainfo";
import { failure } from "../support/failure";
import { useScriptedClient } from "../support/scriptedClient";
import { DESCRIPTION } from "../support/scriptedNode";
import { until } from "../support/until";
import { item } from "../support/wait";

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

  for (const [unit, time] of [
    ["microseconds", 1795325308259500],
    ["nanoseconds", 1795325308259500000],
  ] as const) {
    it(`times in ${unit}, which it says`, async () => {
      await lab.connect();
      const next = item(lab.client, "m", "value");
      lab.node.update(`update m:value [3, {"t": ${time}}]`);
      expect((await next).timestamp).to.be.closeTo(1795325308.2595, 1e-6);
      expect(lab.logged.join("\n")).to.contain(`the node sends times in ${unit} (first for m:value)`);
    });
  }

  it("a greeting before the identification, and an identification in lower case", async () => {
    lab.node.onConnection = (peer) => peer.send("welcome to the gateway");
    lab.node.answer = (line) => (line === "*IDN?" ? "isse&sine2020,secop,v2019-09-16,v1.0" : undefined);
    await lab.connect();
    expect(lab.client.cache.get("m", "value")?.value).to.equal(1.5);
  });

  it("a description without a specifier before it", async () => {
    lab.node.answer = (line) =>
      line === "describe" ? `describing ${JSON.stringify(DESCRIPTION, null, 1).replaceAll("\n", "")}` : undefined;
    await lab.connect();
    expect(lab.client.description.description).to.equal("a node for tests");
  });

  it("lines in ISO 8859-1, beside others in UTF-8", async () => {
    await lab.connect();
    const next = item(lab.client, "m", "_text");
    const [peer] = lab.node.peers;
    peer?.socket.write(Buffer.from('update m:_text ["5 µm at 20 °C", {"t": 2000}]\n', "latin1"));
    expect((await next).value).to.equal("5 µm at 20 °C");
    const after = item(lab.client, "m", "_text");
    peer?.socket.write('update m:_text ["5 µm, 2 €", {"t": 2001}]\n');
    expect((await after).value).to.equal("5 µm, 2 €");
  });

  it("errors that are a text or an object instead of a list", async () => {
    await lab.connect();
    const errors: string[] = [];
    for (const report of [
      '"pump off"',
      '{"class": "HardwareError", "text": "pump off"}',
      '["HardwareError", "pump off"]',
    ]) {
      const next = item(lab.client, "m", "value");
      lab.node.update(`error_update m:value ${report}`);
      errors.push((await next).error?.message ?? "");
    }
    expect(errors).to.deep.equal(Array(3).fill("no value of m:value: pump off"));
  });

  it("a bare error in answer to a request", async () => {
    lab.node.answer = (line) => {
      if (line === "read m:value") return 'error m:value ["HardwareError", "broken", {}]';
      return line.startsWith("change") ? 'error  ["RangeError", "too hot", {}]' : undefined;
    };
    await lab.connect({ connections: 1, timeout: 2 });
    expect((await failure(lab.client.read("m", "value"))).message).to.equal("cannot read m:value: broken");
    expect((await failure(lab.client.change("m", "target", 5))).message).to.equal(
      "cannot set m:target to 5 K: too hot",
    );
  });

  it("a change that is answered without the value, which is then read", async () => {
    lab.node.answer = (line) => {
      if (line.startsWith("change")) return "changed m:target";
      return line === "read m:target" ? 'reply m:target [4.5, {"t": 2000}]' : undefined;
    };
    await lab.connect();
    expect((await lab.client.change("m", "target", 5)).value).to.equal(4.5);
  });

  it("interface classes as a text or in lower case, and a Drivable that is only a Readable", () => {
    const { m } = DESCRIPTION.modules;
    const { target: _target, ...withoutTarget } = m.accessibles;
    const classOf = (change: object) => {
      const { modules } = parseDescription({ ...DESCRIPTION, modules: { m: { ...m, ...change } } });
      return interfaceClassOf(modules.get("m") as ModuleDescription);
    };
    expect(classOf({ interface_classes: "Drivable" })).to.equal("Drivable");
    expect(classOf({ interface_classes: ["drivable", "READABLE"] })).to.equal("Drivable");
    expect(classOf({ accessibles: withoutTarget })).to.equal("Readable");
    expect(classOf({ accessibles: {} })).to.equal("Module");
  });

  it("enums with codes as texts or as a list, and a struct whose members are all optional", () => {
    const problems: string[] = [];
    const read = (info: object) => parseDatainfo(info, (problem) => problems.push(problem));
    expect(read({ type: "enum", members: { off: "0", on: "1", odd: "x" } })).to.deep.equal({
      type: "enum",
      members: { off: 0, on: 1 },
    });
    expect(read({ type: "enum", members: ["off", "on"] })).to.deep.equal({ type: "enum", members: { off: 0, on: 1 } });
    const struct = read({ type: "struct", members: { a: { type: "bool" } }, optional: true });
    expect(struct).to.deep.include({ type: "struct", optional: ["a"] });
    expect(problems).to.have.length(5);
  });

  it("null for a number in a list or struct, which is NaN, and line ends in base64", () => {
    const decode = (info: object, wire: unknown) => codecFor(parseDatainfo(info)).decode(wire);
    const double = { type: "double" };
    expect(decode({ type: "array", maxlen: 3, members: double }, [1, null, 3])).to.deep.equal(
      Float64Array.of(1, Number.NaN, 3),
    );
    expect(decode({ type: "tuple", members: [double, double] }, [null, 2])).to.deep.equal([Number.NaN, 2]);
    const struct = { type: "struct", members: { a: double, b: { type: "string" } } };
    expect(decode(struct, { a: null, b: "x" })).to.deep.equal({ a: Number.NaN, b: "x" });
    expect(() => decode(struct, { a: 1, b: null })).to.throw("b: null is not a string");
    expect(() => codecFor(parseDatainfo(struct)).encode({ a: null, b: "x" })).to.throw('the member "a" is missing');
    expect(decode({ type: "blob", maxbytes: 9 }, "AA\r\nEC\n")).to.deep.equal(Uint8Array.of(0, 1, 2));
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
