import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { softSignalRw } from "../../../lib/core";
import type { Document } from "../../../lib/engine/documents/documents";
import { createRunEngine } from "../../../lib/notebook";
import { count } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { nats } from "../../../lib/store/publish/natsTarget";
import type { PublishTarget } from "../../../lib/store/publish/publisher";
import { publishTarget } from "../../../lib/store/publish/publishRuns";
import { zmq } from "../../../lib/store/publish/zmqTarget";
import { peer, peersPython, repository } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { isOpen } from "../../support/isOpen";
import { endProgram } from "../../support/program";
import { until } from "../../support/until";

/** Debian's nats-server. */
const NATS = "/usr/sbin/nats-server";

describe("live documents", function () {
  this.timeout(90_000);
  let dir: string;
  const children: ChildProcess[] = [];
  const { warn } = console;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "publish-"));
    console.warn = () => {};
  });

  afterEach(async () => {
    console.warn = warn;
    for (const child of children.splice(0)) await endProgram(child);
    rmSync(dir, { recursive: true, force: true });
  });

  // The client of NATS leaves its time limits of 5 s behind when a broker dies; they keep nothing alive.
  after(() => delay(5500));

  const start = (command: string, args: readonly string[]): ChildProcess => {
    const child = spawn(command, args, { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return child;
  };

  /** A Python process with bluesky's BestEffortCallback; resolves with what it counted. */
  const follower = async (kind: string, address: string, runs: number) => {
    const child = start(peersPython(), ["test/peers/keeping/follow.py", kind, address, `${runs}`]);
    let out = "";
    let errors = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    await until(() => out.includes("ready") || child.exitCode !== null);
    const ended = once(child, "close").then(() => {
      const last = errors.trimEnd().split("\n").at(-1) ?? "";
      return { out, found: JSON.parse(last) as { counts: Record<string, number>; ended: string[] } };
    });
    return { ended };
  };

  const received = async (target: PublishTarget, runs: number): Promise<Document[]> => {
    const documents: Document[] = [];
    let ended = 0;
    for await (const document of target.documents()) {
      documents.push(document);
      if (document.name === "stop") ended += 1;
      if (ended === runs) break;
    }
    return documents;
  };

  if (existsSync(NATS)) {
    it("go to NATS JetStream, are replayed to latecomers here and in Python, and survive a restart of the broker", async () => {
      const port = await freePort();
      const uri = `nats://127.0.0.1:${port}`;
      const broker = async () => {
        const child = start(NATS, ["-js", "-sd", join(dir, "nats"), "-a", "127.0.0.1", "-p", `${port}`]);
        await until(() => isOpen(port));
        return child;
      };
      const first = await broker();
      // All of them find no stream, and make it at the same time.
      const early = Array.from({ length: 8 }, () => received(nats(uri), 1));
      const RE = createRunEngine({ live: false, dir: join(dir, "runs"), publish: uri });
      const det = new SimDetector("det");
      const counter = softSignalRw<number | bigint>(2n ** 60n + 1n, { dtype: "integer" });
      const clock = softSignalRw(2 ** 40, { dtype: "integer" });
      counter.setName("counter");
      clock.setName("clock");
      const uids = [...(await RE(count([det, counter, clock], 3))).runStartUids];
      const once = await received(nats(uri), 1);
      expect((await Promise.all(early)).map((documents) => documents.length)).to.deep.equal(Array(8).fill(6));
      for (const { name, doc } of once)
        if (name === "event") expect(doc.data).to.deep.include({ counter: 2n ** 60n + 1n, clock: 2 ** 40 });
      expect(once.map(({ name }) => name)).to.deep.equal(["start", "descriptor", "event", "event", "event", "stop"]);
      await endProgram(first);
      uids.push(...(await RE(count([det], 3))).runStartUids);
      await broker();
      const documents = await received(nats(uri), 2);
      const starts = documents.flatMap((document) => (document.name === "start" ? [document.doc.uid] : []));
      expect(starts).to.deep.equal(uids);
      expect(documents).to.have.length(12);
      const { ended } = await follower("nats", uri, 2);
      const { out, found } = await ended;
      expect(found).to.deep.equal({ counts: { start: 2, descriptor: 2, event: 6, stop: 2 }, ended: uids });
      expect(out).to.contain("|         3 |");
    });
  }

  it("go to bluesky's 0MQ proxy, to Python's BestEffortCallback and to another notebook", async () => {
    const [into, from] = [await freePort(), await freePort()];
    start(peer("bluesky-0MQ-proxy"), [`${into}`, `${from}`]);
    const { ended } = await follower("zmq", `127.0.0.1:${from}`, 1);
    const other = received(zmq(`127.0.0.1:${from}`), 1);
    const publish = [zmq(`tcp://127.0.0.1:${into}`)];
    const RE = createRunEngine({ live: false, dir: join(dir, "runs"), publish });
    const { runStartUids } = await RE(count([new SimDetector("det")], 3));
    expect((await other).map(({ name }) => name)).to.deep.equal([
      "start",
      "descriptor",
      "event",
      "event",
      "event",
      "stop",
    ]);
    const { out, found } = await ended;
    expect(found.ended).to.deep.equal(runStartUids);
    expect(out).to.contain("|         3 |");
  });

  it("refuse an address that is not a broker, and a password in it", () => {
    expect(() => publishTarget("kafka://x")).to.throw('"kafka://x" is not a broker: write nats://HOST:4222');
    expect(() => nats("nats://user:secret@host")).to.throw("environment variables NATS_USER and NATS_PASSWORD");
    expect(() => zmq("tcp://x:1", { prefix: "a b" })).to.throw("has no spaces");
  });
});
