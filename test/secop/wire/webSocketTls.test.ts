/** A node behind a TLS proxy (wss://), with a certificate made for the test. */

import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { expect } from "chai";
import { CommunicationFailedError } from "../../../lib/errors";
import { SecopClient } from "../../../lib/secop/client";
import type { SimNode } from "../../../lib/sim/runNode";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { runProgram } from "../../peers/peers";
import { failure } from "../../support/failure";
import { silentLog } from "../../support/silentLog";

/** Makes a certificate for a host name or address, valid for a day. */
async function makeCertificate(dir: string, host: string): Promise<{ key: Buffer; cert: Buffer; path: string }> {
  const [keyPath, path] = [join(dir, `${host}.key`), join(dir, `${host}.pem`)];
  const subject = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=${host === "127.0.0.1" ? "IP" : "DNS"}:${host}`];
  const files = ["-keyout", keyPath, "-out", path];
  const how = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const { code, stderr } = await runProgram("openssl", ["req", "-x509", ...how, ...files, ...subject]);
  if (code !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return { key: await readFile(keyPath), cert: await readFile(path), path };
}

describe("a node over wss://", function () {
  this.timeout(30_000);
  let dir: string;
  let node: SimNode;
  let front: Server;
  let trusted: string;

  const address = () => `wss://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const frontWith = async (host: string) => {
    const { key, cert, path } = await makeCertificate(dir, host);
    trusted = path;
    front = createServer({ key, cert }, (socket) => {
      const inner = connect(node.port, "127.0.0.1");
      socket.pipe(inner).pipe(socket);
      for (const end of [socket, inner])
        end.on("error", () => {}).on("close", () => [socket, inner].map((s) => s.destroy()));
    });
    front.on("tlsClientError", () => {});
    front.listen(0, "127.0.0.1");
    await once(front, "listening");
  };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "secop-lab-tls-"));
    node = await startSimNode({ modules: ["sensor"] });
  });
  after(async () => {
    await node.close();
    await rm(dir, { recursive: true });
  });
  afterEach(async () => {
    front.close();
    await once(front, "close");
  });

  it("is read and changed where its certificate is trusted", async () => {
    await frontWith("127.0.0.1");
    const script = `
      const { SecopClient } = require("./lib/secop/client");
      SecopClient.connect("${address()}").then(async (client) => {
        const { value } = await client.read("sensor", "value");
        console.log(typeof value, client.state.name, client.uri === "${address()}");
        await client.close();
      });`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
    const { code, stdout, stderr } = await runProgram(process.execPath, ["--import=tsx", "-e", script], { env });
    expect({ code, stdout: stdout.trim(), stderr }).to.deep.equal({
      code: 0,
      stdout: "number connected true",
      stderr: "",
    });
  });

  it("is refused where its certificate is not trusted, with what to do", async () => {
    await frontWith("127.0.0.1");
    const error = await failure(SecopClient.connect(address(), { log: silentLog }));
    expect(error).to.be.instanceOf(CommunicationFailedError);
    expect(error.message).to.equal(
      `cannot connect to ${address()}: the certificate is not trusted (it is self-signed): name it, or its authority's, in NODE_EXTRA_CA_CERTS before the start`,
    );
  });

  it("is refused where the certificate is another host's", async () => {
    await frontWith("other.example");
    const script = `
      const { SecopClient } = require("./lib/secop/client");
      SecopClient.connect("${address()}").catch((error) => console.log(error.message));`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
    const { stdout } = await runProgram(process.execPath, ["--import=tsx", "-e", script], { env });
    expect(stdout.trim()).to.equal(`cannot connect to ${address()}: the certificate is one of another host`);
  });

  it("says so where there is no TLS at all", async () => {
    await frontWith("127.0.0.1");
    const error = await failure(SecopClient.connect(`wss://${node.uri}`, { log: silentLog, timeout: 5 }));
    expect(error.message).to.equal(
      `cannot connect to wss://${node.uri}: it does not speak TLS: is ws:// meant instead of wss://?`,
    );
  });
});
