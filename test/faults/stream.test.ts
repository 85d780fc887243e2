/**
 * Bytes from a node: garbage, floods, very long lines, replies in any order.
 *
 * The error of a failing case names its seed.
 */

import { Buffer } from "node:buffer";
import { expect } from "chai";
import fc from "fast-check";
import { SecopClient } from "../../lib/secop/client";
import { hostileJson } from "../support/arbitraryValues";
import { failure } from "../support/failure";
import { CASES_TIMEOUT_MS, cases } from "../support/fuzz";
import { ScriptedNode } from "../support/scriptedNode";
import { silentLog } from "../support/silentLog";
import { item } from "../support/wait";

const actions = fc.constantFrom(
  ...["update", "error_update", "reply", "changed", "done", "pong", "active", "describing", "error_read", "error_"],
  ...[
    "error_change",
    "error_ping",
    "logging",
    "log",
    "checked",
    "_custom",
    "helping",
    "inactive",
    "",
    "*IDN?",
    "\u0000",
  ],
);
const specifiers = fc.constantFrom(
  "",
  "m",
  "m:value",
  "m:target",
  "m:value:x",
  ":",
  "m:",
  ":value",
  "__proto__",
  "m:__proto__",
  ".",
);
const reportText = fc.oneof(
  hostileJson.map((value) => JSON.stringify(value, (_key, v) => (typeof v === "bigint" ? Number(v) : v)) ?? ""),
  fc.string(),
  fc.constantFrom(
    "[NaN, {}]",
    '["HardwareError"]',
    "[1e999, {}]",
    '[1, {"t": "x"}]',
    "[",
    '"',
    "[12345678901234567890, {}]",
  ),
);
const hostileLine = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(actions, specifiers, reportText).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.string() },
);
const hostileBytes = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(hostileLine, { maxLength: 20 }).map((lines) => Buffer.from(`${lines.join("\n")}\n`)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

describe("the stream from a node", () => {
  let node: ScriptedNode;
  let client: SecopClient;

  beforeEach(async () => {
    node = await ScriptedNode.start();
  });
  afterEach(async () => {
    await client.close();
    await node.close();
  });

  it("may be anything: the connection stays and the next good update is taken", async () => {
    client = await SecopClient.connect(node.uri, { log: silentLog });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(hostileBytes, async (bytes) => {
        n += 1;
        const good = item(client, "m", "_text", ({ value }) => value === `good ${n}`);
        for (const peer of node.peers) {
          peer.socket.write(bytes);
          peer.socket.write(`\nupdate m:_text ["good ${n}", {}]\n`);
        }
        await good;
        for (const { item: known } of client.cache) void [known.value, known.error, known.timestamp];
        expect(client.state.name).to.equal("connected");
        expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
      }),
      cases(5000),
    );
    expect((await client.read("m", "value")).value).to.equal(2.5);
  }).timeout(CASES_TIMEOUT_MS);

  it("may describe anything: connecting resolves, or rejects with words", async () => {
    const { modules } = node.description as { modules: { m: { accessibles: object } } };
    await fc.assert(
      fc.asyncProperty(hostileJson, hostileJson, fc.nat(4), async (a, b, where) => {
        const json = [
          a,
          { modules: a },
          { modules: { m: { ...modules.m, accessibles: { ...modules.m.accessibles, a, b } } } },
          { modules: { m: { ...modules.m, accessibles: { value: { datainfo: a, readonly: b } } }, n: b } },
          {
            modules: { m: { accessibles: a, features: ["HasOffset"], acquisition_channels: b, meaning: a } },
            systems: b,
          },
        ][where];
        node.answer = (line) =>
          line === "describe"
            ? `describing . ${JSON.stringify(json, (_key, v) => (typeof v === "bigint" ? Number(v) : v)) ?? "null"}`
            : undefined;
        client = await SecopClient.connect(node.uri, { log: silentLog });
        expect(client.description.problems).to.be.an("array");
        for (const module of client.description.modules.values()) {
          for (const { kind, name } of module.accessibles.values()) {
            const call = kind === "command" ? client.do(module.name, name, a) : client.read(module.name, name);
            await call.catch((error: Error) => expect(error.message).not.to.equal(""));
          }
        }
        await client.close();
      }),
      cases(1000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("may hold a line of 100 MB", async () => {
    client = await SecopClient.connect(node.uri, { log: silentLog });
    const text = item(client, "m", "_text");
    const socket = node.peers.find((peer) => peer.index === 0)?.socket;
    socket?.write('update m:_text ["');
    const part = Buffer.alloc(2 ** 20, "x");
    for (let i = 0; i < 100; i += 1) socket?.write(part);
    socket?.write('", {}]\n');
    expect(String((await text).value).length).to.equal(100 * 2 ** 20);
    expect(client.state.name).to.equal("connected");
  }).timeout(60_000);

  it("may flood: requests are answered meanwhile, the last value is the one kept", async () => {
    client = await SecopClient.connect(node.uri, { log: silentLog });
    const last = item(client, "m", "value", ({ value }) => value === -1);
    const block = Buffer.from(Array.from({ length: 1000 }, (_, i) => `update m:value [${i}, {}]\n`).join(""));
    const first = node.peers.find((peer) => peer.index === 0);
    for (let i = 0; i < 300; i += 1) first?.socket.write(block);
    first?.send("update m:value [-1, {}]");
    expect((await client.change("m", "target", 5)).value).to.equal(5);
    await last;
    expect(client.cache.get("m", "value")?.value).to.equal(-1);
  }).timeout(30_000);

  it("may answer in any order: every request gets its own reply", async () => {
    const parameters = ["value", "target", "_text"] as const;
    client = await SecopClient.connect(node.uri, { log: silentLog });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...parameters), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(100), { minLength: 12, maxLength: 12 }),
        async (wanted, order) => {
          const count = new Map<string, number>();
          const replies: { line: string; at: number }[] = [];
          node.answer = (line, peer) => {
            if (!line.startsWith("read")) return undefined;
            const key = line.slice("read ".length);
            const n = (count.get(key) ?? 0) + 1;
            count.set(key, n);
            const value = key === "m:_text" ? JSON.stringify(`${n}`) : n;
            // Equal requests keep their order, since their replies look alike.
            const at = Math.max(
              order[replies.length] ?? 0,
              ...replies.filter((r) => r.line.includes(key)).map((r) => r.at),
            );
            replies.push({ line: `reply ${key} [${value}, {}]`, at });
            if (replies.length < wanted.length) return [];
            for (const { line: reply } of replies.sort((a, b) => a.at - b.at)) peer.send(reply);
            return [];
          };
          const items = await Promise.all(wanted.map((parameter) => client.read("m", parameter)));
          const seen = new Map<string, number>();
          for (const [i, parameter] of wanted.entries()) {
            const n = (seen.get(parameter) ?? 0) + 1;
            seen.set(parameter, n);
            expect(items[i]?.value).to.equal(parameter === "_text" ? `${n}` : n);
          }
        },
      ),
      cases(200),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("may bring replies late: none is taken for another request's", async () => {
    client = await SecopClient.connect(node.uri, { log: silentLog, connections: 1, activate: false });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }), async (patient) => {
        let n = 0;
        const held: string[] = [];
        node.answer = (line, peer) => {
          if (!line.startsWith("read")) return undefined;
          n += 1;
          held.push(`reply m:value [${n}, {}]`);
          if (!patient[n - 1]) return [];
          for (const reply of held.splice(0)) peer.send(reply);
          return [];
        };
        for (const [i, waits] of patient.entries()) {
          const abort = new AbortController();
          const reading = client.read("m", "value", { signal: abort.signal });
          if (waits) expect((await reading).value).to.equal(i + 1);
          else {
            abort.abort(new Error("too late"));
            expect((await failure(reading)).message).to.equal("cannot read m:value: too late");
            while (n < i + 1) await node.next("read");
          }
        }
        for (const peer of node.peers) for (const reply of held.splice(0)) peer.send(reply);
        await client.ping();
      }),
      cases(200),
    );
  }).timeout(CASES_TIMEOUT_MS);
});
