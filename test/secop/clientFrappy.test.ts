/** The client on real frappy servers. */

import { expect } from "chai";
import { filter, firstValueFrom } from "rxjs";
import { type DescriptionChange, SecopClient } from "../../lib/secop/client";
import type { ParameterDescription } from "../../lib/secop/description/description";
import { isBusy, moduleStatus } from "../../lib/secop/values/moduleStatus";
import { type DiscoveredNode, discoverNodes } from "../../lib/secop/wire/discoverNodes";
import { type FrappyServer, startFrappy } from "../peers/frappy";
import { failure } from "../support/failure";
import { silentLog } from "../support/silentLog";
import { item, state } from "../support/wait";

describe("SecopClient on a real frappy node", function () {
  this.timeout(90_000);
  let server: FrappyServer;
  let client: SecopClient;

  describe("with what frappy's demos lack", () => {
    before(async () => {
      server = await startFrappy("probe");
      client = await SecopClient.connect(server.uri, { log: silentLog });
    });
    after(async () => {
      await client.close();
      await server.stop();
    });

    it("finds a sound description", () => {
      expect(client.description.problems).to.deep.equal([]);
      expect(client.description.modules.get("p")?.meaning).to.deep.equal({ function: "temperature", importance: 20 });
    });

    it("has every value, of any type", () => {
      const value = (parameter: string) => client.cache.get("p", parameter)?.value;
      expect(value("value"), "beyond its declared maximum").to.equal(99.5);
      expect(value("_blob")).to.deep.equal(Uint8Array.of(97, 98));
      expect(value("_scaled")).to.equal(1);
      expect(value("_const")).to.equal(3.5);
      expect(value("_text")).to.equal("ä");
      expect(value("_big")).to.equal(2n ** 60n);
      expect(value("mode")).to.equal("off");
      expect(value("_profile")).to.deep.equal(Float64Array.of(1, 2.5));
      expect(client.cache.get("p", "_broken")?.error?.message).to.equal("no value of p:_broken: sensor broken");
    });

    it("changes them without loss", async () => {
      const written: [string, unknown][] = [
        ["_blob", Uint8Array.of(0, 255)],
        ["_scaled", 12.3],
        ["_text", "Ä😀"],
        ["_big", 2n ** 60n + 1n],
        ["_big", -5],
        ["mode", "Low Energy"],
        ["_flag", true],
        ["_profile", Float64Array.of(0.1, 1e300)],
        ["_nested", [{ name: "a b", at: [1.5, 3] }]],
      ];
      for (const [parameter, value] of written) {
        expect((await client.change("p", parameter, value)).value, parameter).to.deep.equal(value);
        expect((await client.read("p", parameter)).value, parameter).to.deep.equal(value);
      }
    });

    it("runs commands, or says why not", async () => {
      expect(await client.do("p", "_echo", Uint8Array.of(1, 2, 3))).to.deep.equal(Uint8Array.of(1, 2, 3));
      expect((await failure(client.do("p", "_refuse"))).message).to.equal("cannot do p:_refuse: not today");
      expect((await failure(client.do("p", "_echo", new Uint8Array(9)))).message).to.match(
        /^cannot do p:_echo with .*: the node allows 0 bytes to 8 bytes, this has 9$/,
      );
    });

    it("reads a constant, which frappy itself cannot", async () => {
      expect((await client.read("p", "_const")).value).to.equal(3.5);
    });

    it("is not found dead while a command takes longer than its timeout", async () => {
      const impatient = await SecopClient.connect(server.uri, { log: silentLog, timeout: 0.3 });
      const states: string[] = [];
      impatient.state$.subscribe(({ name }) => states.push(name));
      await impatient.do("p", "_work", 1, { timeout: 20 });
      expect(states).to.deep.equal(["connected"]);
      await impatient.close();
    });

    it("gets the node's log when asked", async () => {
      const message = firstValueFrom(client.log$.pipe(filter((m) => m.module === "p")));
      expect(await client.logging("debug", "p")).to.equal("debug");
      client.read("p", "_broken").catch(() => {});
      client.do("p", "_refuse").catch(() => {});
      await client.change("p", "pollinterval", 0.1);
      expect((await message).text).to.be.a("string");
    });
  });

  describe("with every module of its demos", () => {
    before(async () => {
      server = await startFrappy("demo");
      client = await SecopClient.connect(server.uri, { log: silentLog });
    });
    after(async () => {
      await client.close();
      await server.stop();
    });

    it("reads every parameter and writes every writable back", async () => {
      const problems: string[] = [];
      let walked = 0;
      for (const module of client.description.modules.values()) {
        for (const accessible of module.accessibles.values()) {
          if (accessible.kind !== "parameter") continue;
          walked += 1;
          await walk(module.name, accessible).catch((error: Error) => problems.push(error.message));
        }
      }
      expect(walked).to.be.above(60);
      expect(problems).to.deep.equal([]);
    });

    async function walk(module: string, { name, readonly, datainfo }: ParameterDescription): Promise<void> {
      const { value } = await client.read(module, name);
      if (readonly || name === "pollinterval") return;
      const readBack = await client.change(module, name, value);
      if (datainfo.type !== "double") expect(readBack.value).to.deep.equal(value);
    }

    it("runs commands with arguments and results", async () => {
      expect(await client.do("lower", "communicate", "HELLO  World")).to.equal("hello  world");
      const commands = client.description.modules.get("commands");
      for (const { name } of commands?.accessibles.values() ?? []) expect(name).to.match(/^_/);
      expect(await client.do("commands", "_t", [0.5, "x"])).to.equal("0.5 'x'");
      expect(await client.do("commands", "_s", { a: 0.5, b: "x" })).to.equal("a=0.5 b='x'");
      expect(await client.do("commands", "_n")).to.equal(2);
    });

    it("knows acquisition channels", () => {
      expect(client.description.modules.get("control")?.acquisition_channels).to.deep.equal(
        new Map([
          ["first", "chan1"],
          ["second", "chan2"],
        ]),
      );
    });
  });

  describe("that is a cryostat", () => {
    beforeEach(async () => {
      server = await startFrappy("cryo");
      client = await SecopClient.connect(server.uri, { log: silentLog, timeout: 1 });
    });
    afterEach(async () => {
      await client.close();
      await server.stop();
    });

    it("is busy when the change of its target resolves", async () => {
      await client.change("cryo", "target", 12);
      const described = client.description.modules.get("cryo")?.accessibles.get("status");
      if (described?.kind !== "parameter") throw new Error("the cryostat has no status");
      const status = moduleStatus(client.cache.get("cryo", "status")?.value, described.datainfo);
      expect(isBusy(status?.code ?? 0)).to.equal(true);
      await client.do("cryo", "stop");
    });

    it("keeps values up to date by itself", async () => {
      const before = client.cache.get("cryo", "value");
      const next = await item(client, "cryo", "value", (i) => i.timestamp > (before?.timestamp ?? 0));
      expect(next.stale).to.equal(false);
      expect(client.cache.get("cryo", "value")?.timestamp).to.be.at.least(next.timestamp);
    });

    it("is missed when it is killed, and known again when it is back", async () => {
      const seen = item(client, "cryo", "value");
      await seen;
      const lost = state(client, "reconnecting");
      const { port } = server;
      await server.stop("SIGKILL");
      expect((await lost).reason).to.match(/closed by the node|connection reset by the node/);
      expect(client.cache.get("cryo", "value")?.stale).to.be.a("string");
      expect((await failure(client.read("cryo", "value"))).name).to.equal("CommunicationFailed");
      const fresh = item(client, "cryo", "value");
      server = await startFrappy("cryo", { port });
      await state(client, "connected");
      expect((await fresh).stale).to.equal(false);
      expect((await client.change("cryo", "ramp", 5)).value).to.equal(5);
    });

    it("may come back as another node", async () => {
      const change = firstValueFrom<DescriptionChange>(client.descriptionChanged$);
      const { port } = server;
      await server.stop("SIGKILL");
      server = await startFrappy("probe", { port });
      const { before, after } = await change;
      expect(before.equipment_id).to.equal("cryo.test");
      expect(after.equipment_id).to.equal("probe.test");
      await state(client, "connected");
      expect((await client.read("p", "value")).value).to.equal(99.5);
      expect(client.cache.get("cryo", "value")?.stale).to.equal("the node has no such parameter any more");
    });

    it("is found hung when its process is stopped, and comes back when it goes on", async () => {
      const lost = state(client, "reconnecting");
      server.process.kill("SIGSTOP");
      expect((await lost).reason).to.match(/^no answer to "ping \d+" within 1 s$/);
      const back = state(client, "connected");
      server.process.kill("SIGCONT");
      await back;
      expect((await client.read("cryo", "target")).value).to.be.a("number");
    });

    it("answers to discovery, if it holds the port of discovery", async () => {
      // A unicast probe reaches only one of the nodes on a machine, which may be another one.
      let found: DiscoveredNode | undefined;
      // The node begins to listen a moment after it reports that it is ready.
      while (!found) [found] = await discoverNodes({ addresses: ["127.0.0.1"], timeout: 0.5 });
      expect(found?.firmware).to.match(/^FRAPPY /);
    });
  });
});
