/** Tests of the ways in which a front-end connects: transports, signatures, encryption, subscriptions. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { curveKeyPair, Dealer, type SocketOptions, Subscriber } from "zeromq";
import { MessageCodec } from "../../../kernel/protocol/index";
import { JupyterHome } from "../../peers/jupyter";
import { peersPython, repository, runProgram } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { ourKernel } from "../../support/kernelClient";

describe("a connection of jupyter_client", function () {
  this.timeout(120_000);
  let home: JupyterHome;

  before(async () => {
    home = await JupyterHome.create();
  });

  after(() => home.close());

  const expected = {
    status: "ok",
    result: [{ "text/plain": "42" }],
    heartbeat: true,
    transport: "tcp",
    scheme: "hmac-sha256",
    key: true,
    encrypted: false,
    sockets: 0,
  };
  const modes = {
    tcp: {},
    ipc: { transport: "ipc", sockets: 5 },
    curve: { encrypted: true },
    "hmac-sha512": { scheme: "hmac-sha512" },
    "hmac-sha3_256": { scheme: "hmac-sha3_256" },
    "no-key": { key: false },
  };
  for (const [mode, differences] of Object.entries(modes)) {
    it(`runs a cell that asks for input, with ${mode}`, async () => {
      const script = join(repository, "test/peers/jupyter/transports.py");
      const { stdout, stderr } = await runProgram(peersPython(), [script, mode], {
        cwd: home.workspace,
        env: home.env,
        timeout: 100,
      });
      expect(JSON.parse(stdout || "{}"), stderr).to.deep.equal({ ...expected, ...differences });
    });
  }
});

describe("a connection of ZeroMQ's own sockets", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "secop-lab-transports-"));
  const opened: { close(): void }[] = [];
  let kernel: ChildProcess | undefined;

  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.close();
    if (kernel?.exitCode === null && kernel.signalCode === null) {
      const ended = once(kernel, "exit");
      kernel.kill("SIGTERM");
      await ended;
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Starts a kernel; returns the ports of its channels. */
  async function start(extra: object) {
    const ports = await Promise.all([1, 2, 3, 4, 5].map(() => freePort()));
    const [shell_port = 0, iopub_port = 0, stdin_port = 0, control_port = 0, hb_port = 0] = ports;
    const connection = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify({ ...connection, ip: "127.0.0.1", transport: "tcp", key: "k", ...extra }));
    const [program = "", ...args] = ourKernel.map((argument) => (argument === "{connection_file}" ? file : argument));
    const started = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
    kernel = started;
    let stderr = "";
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    return { ...connection, stderr: () => stderr };
  }

  function open<S extends Dealer | Subscriber>(socket: S, port: number): S {
    socket.connect(`tcp://127.0.0.1:${port}`);
    opened.push(socket);
    return socket;
  }

  const next = async (socket: Dealer | Subscriber) => new MessageCodec("k").decode(await socket.receive());

  it("welcomes each subscription when it has taken effect, with its topic", async () => {
    const { iopub_port } = await start({});
    const all = open(new Subscriber(), iopub_port);
    all.subscribe();
    let welcome = await next(all);
    // The kernel says that it starts, perhaps to a subscriber that was there already.
    while (welcome.content.execution_state === "starting") welcome = await next(all);
    expect([welcome.header.msg_type, welcome.content, welcome.parentHeader]).to.deep.equal([
      "iopub_welcome",
      { subscription: "" },
      {},
    ]);
    const again = open(new Subscriber(), iopub_port);
    again.subscribe();
    expect((await next(again)).content).to.deep.equal({ subscription: "" });
    const topic = open(new Subscriber(), iopub_port);
    topic.subscribe("kernel.status");
    const [first = ""] = await topic.receive();
    expect(String(first)).to.equal("kernel.status");
  });

  it("is encrypted with the keys of the connection file, on all sockets, and refuses others", async () => {
    const { publicKey, secretKey } = curveKeyPair();
    const ports = await start({ curve_publickey: publicKey, curve_secretkey: secretKey });
    const own = curveKeyPair();
    const keys: SocketOptions<Dealer> = {
      curveServerKey: publicKey,
      curvePublicKey: own.publicKey,
      curveSecretKey: own.secretKey,
    };
    const request = new MessageCodec("k").encode({ type: "kernel_info_request", parent: {}, content: "{}" }, []);
    const welcomed = open(new Subscriber(keys as SocketOptions<Subscriber>), ports.iopub_port);
    welcomed.subscribe();
    expect((await next(welcomed)).header.msg_type).to.equal("iopub_welcome");
    for (const port of [ports.shell_port, ports.control_port]) {
      const plain = open(new Dealer({ linger: 0, sendTimeout: 500, receiveTimeout: 1500 }), port);
      const wrong = open(
        new Dealer({ ...keys, curveServerKey: own.publicKey, linger: 0, sendTimeout: 500, receiveTimeout: 500 }),
        port,
      );
      for (const refused of [plain, wrong]) {
        const answer = refused.send(request).then(() => refused.receive());
        expect(
          await answer.then(
            () => "answered",
            () => "refused",
          ),
        ).to.equal("refused");
      }
      const right = open(new Dealer(keys), port);
      await right.send(request);
      expect((await next(right)).header.msg_type).to.equal("kernel_info_reply");
    }
    const heartbeat = open(new Dealer(keys), ports.hb_port);
    await heartbeat.send(["", "ping"]);
    expect((await heartbeat.receive()).map(String)).to.deep.equal(["", "ping"]);
  });

  it("does not start with half of the keys, keys that are none, or a signature that it does not know", async () => {
    const { publicKey } = curveKeyPair();
    const cases: [object, RegExp][] = [
      [{ curve_publickey: publicKey }, /only one of curve_publickey and curve_secretkey/],
      [{ curve_publickey: publicKey, curve_secretkey: "short" }, /not 40 characters of Z85/],
      [{ signature_scheme: "hmac-rot13" }, /signatures by hmac-rot13, which this kernel does not know/],
    ];
    for (const [extra, message] of cases) {
      const { stderr } = await start(extra);
      const [code] = await once(kernel as ChildProcess, "exit");
      expect(code).to.equal(1);
      expect(stderr()).to.match(message);
    }
  });
});
