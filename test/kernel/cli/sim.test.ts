import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { discoverNodes, SecopClient } from "../../../lib/secop";
import { repository } from "../../peers/peers";
import { freePort } from "../../support/freePort";

const running: ChildProcess[] = [];

function sim(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ["--import=tsx", "kernel/main.ts", "sim", ...args], {
    cwd: repository,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  return child;
}

/** Resolves with the address of the node when it has started. */
async function address(child: ChildProcess): Promise<{ uri: string; port: number }> {
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    const [, uri] = /^SEC node on (\S+)/.exec(line) ?? [];
    if (uri !== undefined) return { uri, port: Number(uri.split(":").at(-1)) };
  }
  throw new Error("the node did not start");
}

const reaches = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

describe("secop-lab sim", function () {
  this.timeout(30_000);

  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, "exit");
    }
  });

  it("listens on this machine only", async () => {
    const { port } = await address(sim("--port", "0"));
    expect(await reaches("127.0.0.1", port)).to.equal(true);
    const others = Object.values(networkInterfaces()).flatMap((all) => all?.filter((i) => !i.internal) ?? []);
    for (const other of others) expect(await reaches(other.address, port), other.address).to.equal(false);
  });

  it("says how fast its time runs", async () => {
    const lines = createInterface({ input: sim("--port", "0").stdout as NodeJS.ReadableStream });
    let printed = "";
    for await (const line of lines) {
      printed += `${line}\n`;
      if (line.includes("%connect")) break;
    }
    expect(printed).to.contain("runs 40 times faster than real time: --speed 1 is real time");
  });

  it("reports that its port is taken", async () => {
    const { port } = await address(sim("--port", "0"));
    const child = sim("--port", String(port));
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (words += text));
    expect(await once(child, "close")).to.deep.equal([1, null]);
    expect(words).to.equal(
      `secop-lab: port ${port} is taken by another program: choose another one, or 0 for any that is free\n`,
    );
  });

  it("answers discovery only if it is started as discoverable", async () => {
    const port = await freePort();
    const ask = () => discoverNodes({ addresses: ["127.0.0.1"], port, timeout: 0.5 });
    await address(sim("--port", "0"));
    expect(await ask()).to.deep.equal([]);
    const { uri } = await address(sim("--port", "0", "--discoverable", `${port}`));
    expect((await ask()).map((node) => node.uri)).to.deep.equal([uri]);
  });

  it("reports that another node of the machine already answers discovery", async () => {
    const other = createSocket("udp4").bind(0);
    await once(other, "listening");
    try {
      const child = sim("--port", "0", "--discoverable", `${other.address().port}`);
      let words = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => (words += text));
      const [code] = await once(child, "close");
      expect(code).not.to.equal(0);
      expect(words).to.contain(`UDP port ${other.address().port} is taken by another node on this machine`);
    } finally {
      other.close();
    }
  });

  it("runs the twin of a node from a recording, in real time, until it is ended", async () => {
    const twin = sim("notebooks/06-again.rec", "--port", "0");
    const { uri } = await address(twin);
    const client = await SecopClient.connect(uri);
    try {
      expect(client.description.properties.get("_simulated")).to.equal("like 06-again.rec");
      expect((await client.read("cryo", "target")).value).to.equal(10);
    } finally {
      await client.close();
    }
  });

  async function refusal(...args: string[]): Promise<unknown> {
    const child = sim(...args);
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (words += text));
    const [code] = await once(child, "close");
    return [code, words];
  }

  it("says which files have no twin", async () => {
    const text = "secop-lab: this is not a description of a SEC node: it has no modules\n";
    expect(await refusal("package.json", "--port", "0")).to.deep.equal([1, text]);
  });

  it("says which option has no usable number", async () => {
    const speed = "secop-lab: --speed fast is not a positive number: 1 is real time\n";
    expect(await refusal("--port", "0", "--speed", "fast")).to.deep.equal([1, speed]);
    const port = "secop-lab: --discoverable takes a number from 0 to 65535, not 70000\n";
    expect(await refusal("--port", "0", "--discoverable", "70000")).to.deep.equal([1, port]);
  });
});
