import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { inspect } from "node:util";
import { expect } from "chai";
import { CommunicationFailedError, ProtocolError, SecopTimeoutError, UsageError } from "../../lib/errors";
import { SecopClient } from "../../lib/secop/client";
import { runProgram } from "../peers/peers";
import { failure } from "../support/failure";
import { freePort } from "../support/freePort";
import { useScriptedClient } from "../support/scriptedClient";
import { ScriptedNode } from "../support/scriptedNode";
import { item, state } from "../support/wait";

describe("SecopClient", () => {
  const lab = useScriptedClient();

  describe("connecting", () => {
    it("resolves when description and first values are there", async () => {
      await lab.connect();
      expect(lab.client.state).to.deep.equal({ name: "connected", reason: "" });
      expect(lab.client.description.equipment_id).to.equal("scripted.test");
      expect(lab.client.cache.get("m", "value")).to.deep.include({ value: 1.5, timestamp: 1000, stale: false });
      expect([...lab.client.cache].map((c) => c.parameter)).to.have.members(["value", "status", "_ratio"]);
    });

    for (const answer of [
      "ISSE,SECoP,,v2.0",
      "SINE2020&ISSE,SECoP,V2018-01-01,rc1",
      "ISSE&SINE2020,SECoP,V2019-09-16,v1.0,more",
    ]) {
      it(`accepts ${answer}`, async () => {
        lab.node.answer = (line) => (line === "*IDN?" ? answer : undefined);
        await lab.connect();
        expect(lab.client.state.name).to.equal("connected");
      });
    }

    it("says that nothing listens there", async () => {
      const port = await freePort();
      const error = await failure(SecopClient.connect(`localhost:${port}`, { log: lab.log }));
      expect(error).to.be.instanceOf(CommunicationFailedError);
      expect(error.message).to.equal(
        `cannot connect to localhost:${port}: connection refused: does the node run, is the port right?`,
      );
    });

    it("says that a wrong service answers", async () => {
      lab.node.answer = () => "SSH-2.0-OpenSSH_9.2";
      const error = await failure(lab.connect());
      expect(error).to.be.instanceOf(ProtocolError);
      expect(error.message).to.equal(
        `cannot connect to ${lab.node.uri}: it is not a SEC node, it answered *IDN? with "SSH-2.0-OpenSSH_9.2"`,
      );
    });

    it("says that a web server is there", async () => {
      const server = createHttpServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const error = await failure(SecopClient.connect(`127.0.0.1:${portOf(server)}`, { log: lab.log }));
      expect(error.message).to.match(/it is a web server, it answered \*IDN\? with "HTTP\/1.1 400 Bad Request"$/);
      server.close();
    });

    it("gives a silent service its deadline and no more", async () => {
      lab.node.answer = () => [];
      const error = await failure(lab.connect({ timeout: 0.05 }));
      expect(error).to.be.instanceOf(SecopTimeoutError);
      expect(error.message).to.equal(
        `cannot connect to ${lab.node.uri}: it accepts connections but does not answer *IDN? within 0.05 s`,
      );
    });

    it("gives a silent description its deadline", async () => {
      lab.node.answer = (line) => (line === "describe" ? [] : undefined);
      expect((await failure(lab.connect({ timeout: 0.05 }))).message).to.equal('no answer to "describe" within 0.05 s');
    });

    it("says that the connection ended instead of an answer", async () => {
      const server = createServer((socket) => socket.resume().end()).listen(0, "127.0.0.1");
      await once(server, "listening");
      const error = await failure(SecopClient.connect(`127.0.0.1:${portOf(server)}`, { log: lab.log }));
      expect(error.message).to.match(/it ended the connection instead of answering \*IDN\? \(closed by the node\)$/);
      server.close();
    });

    it("is not confused by updates before the answers, which others on a shared line asked for", async () => {
      lab.node.answer = (line) => {
        const stray = 'update m:value [9, {"t": 1}]';
        if (line === "*IDN?") return [stray, "ISSE,SECoP,,v2.0"];
        return line === "describe" ? [stray, `describing . ${JSON.stringify(lab.node.description)}`] : undefined;
      };
      await lab.connect();
      expect(lab.client.cache.get("m", "value")?.value).to.equal(1.5);
      expect(lab.logged.filter((text) => text.includes("m:value"))).to.deep.equal([]);
    });

    it("says why a node does not describe itself", async () => {
      lab.node.answer = (line) => (line === "describe" ? 'error_describe . ["InternalError", "oh", {}]' : undefined);
      expect((await failure(lab.connect())).message).to.equal(`cannot describe ${lab.node.uri}: oh`);
    });

    it("says that a description is not JSON", async () => {
      lab.node.answer = (line) => (line === "describe" ? "describing . {oops" : undefined);
      expect((await failure(lab.connect())).message).to.match(/^cannot describe .*: the description is not JSON/);
    });

    it("can be tried again after a failure", async () => {
      const port = lab.node.port;
      await lab.node.close();
      lab.make(`127.0.0.1:${port}`);
      await failure(lab.client.connect());
      expect(lab.client.state.name).to.equal("disconnected");
      expect(() => lab.client.description).to.throw(UsageError, "is not connected yet");
      await lab.node.listen(port);
      await lab.client.connect();
      expect(lab.client.state.name).to.equal("connected");
    });

    it("refuses a timeout that is not positive, and takes a very long one", async () => {
      for (const timeout of [0, -1, Number.NaN]) {
        expect(() => new SecopClient(lab.node.uri, { timeout })).to.throw(UsageError, "it must be positive");
      }
      await lab.connect({ timeout: Number.POSITIVE_INFINITY });
      expect((await lab.client.read("m", "value")).value).to.equal(2.5);
    });

    it("goes on when a trace fails", async () => {
      await lab.connect({
        trace: () => {
          throw new Error("my bug");
        },
      });
      expect((await lab.client.read("m", "value")).value).to.equal(2.5);
      expect(lab.logged.filter((text) => text.includes("my bug")).length).to.equal(1);
    });

    it("traces every line in both directions", async () => {
      const lines: string[] = [];
      await lab.connect({
        connections: 1,
        trace: (direction, line) => lines.push(`${direction} ${line.slice(0, 20)}`),
      });
      expect(lines.slice(0, 5)).to.deep.equal([
        "> *IDN?",
        "< ISSE&SINE2020,SECoP,",
        "> describe",
        '< describing . {"equip',
        "> activate",
      ]);
    });

    it("can be aborted", async () => {
      lab.node.answer = () => [];
      const abort = new AbortController();
      const connecting = SecopClient.connect(lab.node.uri, { log: lab.log, signal: abort.signal });
      await lab.node.next("*IDN?");
      abort.abort(new Error("enough"));
      expect((await failure(connecting)).message).to.equal(`cannot connect to ${lab.node.uri}: enough`);
    });

    it("goes over IPv6", async function () {
      const v6 = await ScriptedNode.start("::1").catch(() => this.skip());
      try {
        await lab.make(`[::1]:${v6.port}`).connect();
        expect((await lab.client.read("m", "value")).value).to.equal(2.5);
        await lab.client.close();
      } finally {
        await v6.close();
      }
    });

    it("keeps to one connection where a node refuses two", async () => {
      lab.node.onConnection = (peer) => {
        if (peer.index > 0) peer.socket.destroy();
      };
      await lab.connect();
      expect((await lab.client.read("m", "value")).value).to.equal(2.5);
      expect(lab.client.state.name).to.equal("connected");
    });

    it("makes do with one connection where a second one ends the first", async () => {
      lab.node.onConnection = () => {
        for (const peer of lab.node.peers.slice(0, -1)) peer.socket.destroy();
      };
      await lab.connect();
      await state(lab.client, "reconnecting");
      await state(lab.client, "connected");
      for (let i = 0; i < 3; i += 1) expect((await lab.client.read("m", "value")).value).to.equal(2.5);
      expect(lab.client.state.name).to.equal("connected");
      expect(lab.node.connections).to.equal(3);
    });

    it("describes and reads a node that cannot activate", async () => {
      lab.node.answer = (line) => (line === "activate" ? 'error_activate  ["NotImplemented", "no", {}]' : undefined);
      await lab.connect();
      expect(lab.logged).to.include(
        `${lab.node.uri}: cannot activate ${lab.node.uri}: no: its parameters are read every 1 s instead`,
      );
      expect((await lab.client.read("m", "value")).value).to.equal(2.5);
    });

    it("takes a plain active for an activation of all modules", async () => {
      lab.node.answer = (line) => (line === "activate m" ? ["update m:value [7, {}]", "active"] : undefined);
      await lab.connect({ activate: ["m", "n"] });
      expect(lab.node.received.filter((line) => line.startsWith("activate"))).to.deep.equal(["activate m"]);
      expect(lab.client.cache.get("m", "value")?.value).to.equal(7);
    });

    it("activates some modules only, or all where the node cannot", async () => {
      await lab.connect({ activate: ["m"] });
      expect(lab.node.received).to.include("activate m").and.not.include("activate");
      await lab.client.close();
      lab.node.answer = (line) => (line === "activate m" ? 'error_activate m ["ProtocolError", "no", {}]' : undefined);
      await lab.connect({ activate: ["m"] });
      expect(lab.node.received).to.include("activate");
    });
  });

  describe("updates", () => {
    it("reach the cache, the listeners and the stream", async () => {
      await lab.connect();
      const seen: unknown[] = [];
      const subscription = lab.client.updates$.subscribe(({ module, parameter, item: i }) =>
        seen.push([module, parameter, i.value]),
      );
      const end = lab.client.onUpdate("m", "value", (i) => seen.push(i.value));
      const arrived = item(lab.client, "m", "value", (i) => i.value === 3);
      lab.node.update('update m:value [2, {"t": 5, "e": 0.1}]', "update m:value [3, {}]");
      await arrived;
      end();
      subscription.unsubscribe();
      expect(seen).to.deep.equal([2, ["m", "value", 2], 3, ["m", "value", 3]]);
      expect(lab.client.cache.get("m", "value")).to.deep.include({ value: 3, uncertainty: undefined });
    });

    it("that come together have arrived together, however long a listener takes", async () => {
      await lab.connect();
      const arrivals: number[] = [];
      const end = lab.client.onUpdate("m", "value", ({ arrival }) => {
        arrivals.push(arrival);
        for (const start = Date.now(); Date.now() < start + 5; );
      });
      const arrived = (value: number) => item(lab.client, "m", "value", (i) => i.value === value);
      let last = arrived(3);
      lab.node.update("update m:value [2, {}]\nupdate m:value [3, {}]");
      await last;
      last = arrived(4);
      lab.node.update("update m:value [4, {}]");
      await last;
      end();
      const [first, second, third] = arrivals as [number, number, number];
      expect(second).to.equal(first);
      expect(third).to.be.greaterThan(second);
    });

    it("show their value in JSON and in the console", async () => {
      await lab.connect();
      const item = lab.client.cache.get("m", "value");
      expect(JSON.parse(JSON.stringify(item))).to.deep.include({ value: 1.5, timestamp: 1000, stale: false });
      expect(inspect(item)).to.contain("value: 1.5").and.not.contain("error");
    });

    it("are reported once, though a read brings an update and a reply", async () => {
      await lab.connectTwice();
      const seen: unknown[] = [];
      lab.client.onUpdate("m", "value", (i) => seen.push(i.value));
      lab.node.answer = (line) => {
        if (line !== "read m:value") return undefined;
        lab.node.update('update m:value [4, {"t": 2000}]');
        return 'reply m:value [4, {"t": 2000}]';
      };
      await lab.client.read("m", "value");
      const later = item(lab.client, "m", "target");
      lab.node.update('update m:value [5, {"t": 2000}]', 'update m:value [5, {"t": 2001}]', "update m:target [1, {}]");
      await later;
      expect(seen).to.deep.equal([4, 5, 5]);
    });

    it("with an error make the value unknown", async () => {
      await lab.connect();
      const arrived = item(lab.client, "m", "value");
      lab.node.update('error_update m:value ["HardwareError", "broken", {"t": 7}]');
      const broken = await arrived;
      expect(broken).to.deep.include({ value: undefined, timestamp: 7 });
      const next = item(lab.client, "m", "value", (i) => i.value === 8);
      lab.node.update('update m:value [8, {"t": 1e300}]');
      const { timestamp, arrival } = await next;
      expect(timestamp, "a time that is none").to.equal(arrival);
      expect(broken.error?.message).to.equal("no value of m:value: broken");
    });

    it("that cannot be used do no harm beyond their parameter", async () => {
      await lab.connect();
      const arrived = item(lab.client, "m", "target");
      lab.node.update(
        "update m:value [oops",
        "update",
        "update ",
        "update m:nothing [1, {}]",
        "update nothing [1, {}]",
        "update m:value",
        'update m:status ["text"]',
        "\x00\x01\x02",
        "_custom message",
        "helping 1",
        "reply m:value [1, {}]",
        "pong x",
        "error_",
        "update m:target [NaN, {}]",
      );
      expect((await arrived).value).to.be.NaN;
      expect(lab.client.cache.get("m", "value")?.error?.message).to.equal(
        "m:value has no value yet: the node sent null",
      );
      expect(lab.client.cache.get("m", "status")?.error?.code).to.equal("WrongType");
      expect(lab.client.state.name).to.equal("connected");
      expect(lab.logged.filter((text) => text.includes("m:nothing")).length).to.equal(1);
    });

    it("without a report list, or with more than asked, are understood", async () => {
      await lab.connect();
      for (const [line, value] of [
        ["update m:value 5", 5],
        ["update m:value [6]", 6],
        ['update m:value [7, {"t": "x"}, "more"]', 7],
        ["update m:value:extra [8, {}]", 8],
      ] as const) {
        const arrived = item(lab.client, "m", "value");
        lab.node.update(line);
        expect((await arrived).value).to.equal(value);
      }
    });

    it("that another connection overtook do not bring an old value back", async () => {
      await lab.connectTwice();
      lab.node.answer = (line) => (line === "read m:value" ? 'reply m:value [20, {"t": 2000}]' : undefined);
      await lab.client.read("m", "value");
      const arrived = item(lab.client, "m", "target");
      lab.node.update('update m:value [10, {"t": 1999}]', "update m:target [1, {}]");
      await arrived;
      expect(lab.client.cache.get("m", "value")?.value).to.equal(20);
      const newer = item(lab.client, "m", "value");
      lab.node.update('update m:value [21, {"t": 2001}]', 'update m:value [19, {"t": 1500}]');
      expect((await newer).value).to.equal(21);
      await lab.client.ping();
      expect(lab.client.cache.get("m", "value")?.value, "a node may set its clock back").to.equal(19);
    });

    it("a failing listener is reported once and harms nobody", async () => {
      await lab.connect();
      lab.client.onUpdate("m", "value", () => {
        throw new Error("my bug");
      });
      for (let i = 0; i < 2; i += 1) {
        const arrived = item(lab.client, "m", "value");
        lab.node.update(`update m:value [${i}, {}]`);
        await arrived;
      }
      expect(lab.logged.filter((text) => text.includes("my bug"))).to.deep.equal([
        `${lab.node.uri}: a listener of m:value failed (reported once): my bug`,
      ]);
    });
  });

  describe("closing", () => {
    it("ends requests and observables", async () => {
      await lab.connect();
      lab.node.answer = (line) => (line.startsWith("read") ? [] : undefined);
      let completed = 0;
      const complete = () => {
        completed += 1;
      };
      lab.client.updates$.subscribe({ complete });
      lab.client.state$.subscribe({ complete });
      lab.client.descriptionChanged$.subscribe({ complete });
      const reading = failure(lab.client.read("m", "value"));
      await lab.client.close();
      expect((await reading).message).to.match(/closed by this client$/);
      expect(completed).to.equal(3);
      expect(lab.client.state.name).to.equal("closed");
      expect(lab.client.cache.get("m", "value")?.stale).to.equal("the client is closed");
      expect((await failure(lab.client.connect())).message).to.match(/is closed: make a new one$/);
    });

    it("leaves nothing that keeps a process alive", async () => {
      const script = `
        const { SecopClient } = require("./lib/secop/client");
        SecopClient.connect("${lab.node.uri}").then(async (client) => {
          client.onUpdate("m", "value", () => {});
          await client.read("m", "value");
          await client.close();
          await new Promise(setImmediate);
          const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
          process.on("exit", () => console.log("closed", timers));
        });`;
      const { code, stdout, stderr } = await runProgram(process.execPath, ["--import=tsx", "-e", script]);
      expect({ code, stdout: stdout.trim(), stderr }).to.deep.equal({ code: 0, stdout: "closed 0", stderr: "" });
    });

    it("works while connecting", async () => {
      lab.node.answer = () => [];
      lab.make(lab.node.uri);
      const connecting = failure(lab.client.connect());
      await lab.node.next("*IDN?");
      await lab.client.close();
      expect((await connecting).message).to.match(/is closed$/);
    });
  });
});

function portOf(server: Server | ReturnType<typeof createHttpServer>): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}
