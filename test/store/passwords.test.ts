/** Passwords and keys of servers and brokers stand in no file, document, error, display or output. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { expect } from "chai";
import { createRunEngine, folder, follow, nats, openRuns, tiled, zmq } from "../../lib/index";
import { count } from "../../lib/plans";
import { SimDetector } from "../../lib/sim/devices/simDetector";
import { repository } from "../peers/peers";
import { freePort } from "../support/freePort";
import { isOpen } from "../support/isOpen";
import { endProgram } from "../support/program";
import { until } from "../support/until";

/** Debian's nats-server. */
const NATS = "/usr/sbin/nats-server";
const SECRET = "hunter2secret";

/** Addresses into which users put what belongs into the environment. */
const ADDRESSES = [
  `http://u:${SECRET}@127.0.0.1:9`,
  `http://${SECRET}@127.0.0.1:9`,
  `HTTP://u:${SECRET}@127.0.0.1:9`,
  `http://127.0.0.1:9/api/v1?api_key=${SECRET}`,
  `http://127.0.0.1:9/?token=${SECRET}`,
  `http://127.0.0.1:9/#${SECRET}`,
  `postgresql://lab:${SECRET}@127.0.0.1:9/db`,
  `nats://u:${SECRET}@127.0.0.1:9`,
  `nats://u:/${SECRET}#@127.0.0.1:9`,
  `u:${SECRET}@127.0.0.1:9`,
  `tcp://u:${SECRET}@127.0.0.1:9`,
  `kafka://u:${SECRET}@127.0.0.1:9`,
  `127.0.0.1:9?api_key=${SECRET}`,
];

describe("passwords and keys", function () {
  this.timeout(60_000);
  let dir: string;
  let said = "";
  const children: ChildProcess[] = [];
  const real = { log: console.log, warn: console.warn, error: console.error };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "passwords-"));
    said = "";
    for (const name of ["log", "warn", "error"] as const)
      console[name] = (...words: unknown[]) => {
        said += `${words.join(" ")}\n`;
      };
  });

  afterEach(async () => {
    Object.assign(console, real);
    for (const name of ["NATS_USER", "NATS_PASSWORD"]) delete process.env[name];
    for (const child of children.splice(0)) await endProgram(child);
    rmSync(dir, { recursive: true, force: true });
  });

  // The client of NATS leaves its time limits of 5 s behind when a broker dies; they keep nothing alive.
  after(() => delay(5500));

  /** All that there is of a value or an error: its text, its causes, and how it is displayed. */
  const textOf = async (work: () => unknown): Promise<string> => {
    try {
      return inspect(await work(), { depth: 6 });
    } catch (error) {
      return inspect(error, { depth: 6 });
    }
  };

  it("in an address are refused or left out of all that is said, wherever an address can be given", async () => {
    const soon = () => AbortSignal.timeout(200);
    for (const address of ADDRESSES) {
      const uses: Record<string, () => unknown> = {
        tiled: () => tiled(address),
        openRuns: () => openRuns(address),
        follow: () => follow(address, () => {}, soon()),
        nats: () => nats(address),
        zmq: () => zmq(address),
        publish: () => createRunEngine({ live: false, store: false, publish: address }),
        folder: () => folder(address),
      };
      for (const [name, use] of Object.entries(uses)) {
        // A text without a scheme is the name of a folder, which is shown.
        if (["openRuns", "folder", "follow"].includes(name) && !/^\w+:\/\//.test(address)) continue;
        const text = (await textOf(use)) + said;
        expect(text.includes(SECRET), `${name} of ${address}: ${text}`).to.equal(false);
      }
      if (!/^\w+:\/\//.test(address)) continue;
      expect(await textOf(() => createRunEngine({ live: false, store: address }))).to.not.contain(SECRET);
    }
    expect(await textOf(() => openRuns("http://host:8000"))).to.contain(
      'http://host:8000 is an address, not a folder: write openRuns(tiled("http://HOST:8000"))',
    );
    expect(await textOf(() => folder("postgresql://lab@host/db"))).to.contain("postgresql://host/db is an address");
    expect(readdirSync(process.cwd()).some((name) => /:$/.test(name))).to.equal(false);
  });

  it("in an address are not printed by secop-lab watch, upload or export", async () => {
    const main = join(repository, "dist/kernel/main.js");
    const [key, user] = [`http://127.0.0.1:9/?api_key=${SECRET}`, `nats://u:${SECRET}@127.0.0.1:9`];
    for (const args of [
      ["watch", key],
      ["watch", user, "--browser", "--port", "0"],
      ["upload", key],
      ["upload", user],
      ["export", "-1", "--dir", key, "--to", "x.csv"],
    ]) {
      const child = spawn(process.execPath, [main, ...args], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
      children.push(child);
      let out = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          out += text;
        });
      const [code] = (await once(child, "close")) as [number];
      expect(code, out).to.equal(1);
      expect(out).to.match(/secop-lab: /);
      expect(out.includes(SECRET), `${args.join(" ")}: ${out}`).to.equal(false);
    }
  });

  if (existsSync(NATS)) {
    it("of NATS come from the environment and go nowhere else: no file, no document, no message", async () => {
      const port = await freePort();
      const uri = `nats://127.0.0.1:${port}`;
      const server = ["-js", "-sd", join(dir, "nats"), "-a", "127.0.0.1", "-p", `${port}`];
      children.push(spawn(NATS, [...server, "--user", "lab", "--pass", SECRET], { stdio: "ignore" }));
      await until(() => isOpen(port));
      process.env.NATS_USER = "lab";
      process.env.NATS_PASSWORD = "wrong";
      const refused = await textOf(async () => {
        for await (const document of nats(uri).documents()) return document;
      });
      expect(refused).to.contain("user and password are those of NATS_USER and NATS_PASSWORD");
      expect(refused).to.not.contain("wrong");
      process.env.NATS_PASSWORD = SECRET;
      const RE = createRunEngine({ live: true, dir: join(dir, "runs"), publish: uri });
      const result = await RE(count([new SimDetector("det")], 2));
      const documents: unknown[] = [];
      for await (const document of nats(uri).documents()) {
        documents.push(document);
        if (document.name === "stop") break;
      }
      expect(documents).to.have.length(5);
      const files = readdirSync(join(dir, "runs"), { recursive: true, withFileTypes: true, encoding: "utf8" })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, path, name }) => readFileSync(join(parentPath ?? path, name), "latin1"));
      expect(files.length).to.be.greaterThan(0);
      const all = [...files, JSON.stringify(documents), said, inspect(result, { depth: 6 }), inspect(RE, { depth: 6 })];
      expect(all.join("\n").includes(SECRET)).to.equal(false);
    });
  }
});
