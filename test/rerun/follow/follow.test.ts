/**
 * A recorded node on a TCP port: Python's secop-ophyd and our own client measure with it as with the real
 * one.
 */

import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { nodeKey, readRecording, startFollowing, startRecording, startRecordingProxy } from "../../../lib/rerun";
import { RecordingFile } from "../../../lib/rerun/record/recordingFile";
import { Redaction } from "../../../lib/rerun/record/redaction";
import { startFrappy } from "../../peers/frappy";
import { failure } from "../../support/failure";
import { measureCryostat } from "../measurement";
import { secopOphydDocuments } from "./secopOphydDocuments";

/**
 * Messages without the position at which the cryostat was stopped: it comes by one connection and the reply to
 * `stop` by another, and TCP keeps no order between two connections.
 */
const withoutPosition = (printed: readonly string[]) =>
  printed.map((text) => text.replace(/\(at \S+ K\)/, "(at ... K)"));

describe("a recording that is followed", function () {
  this.timeout(240_000);
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "follow-"));
    path = join(folder, "cryo.rec");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("gives secop-ophyd the documents that it got through the recorder", async () => {
    const server = await startFrappy("quickCryo");
    const proxy = await startRecordingProxy(server.uri, path);
    const port = Number(proxy.uri.split(":")[1]);
    let measured: unknown[];
    try {
      measured = await secopOphydDocuments(proxy.uri);
    } finally {
      await proxy.close();
      await server.stop();
    }
    expect(measured.length).to.equal(5);
    await using node = await startFollowing(readRecording(path), nodeKey(server.uri), { port });
    expect(await secopOphydDocuments(node.uri)).to.deep.equal(measured);
    expect(node.text).to.contain(" 0 refused");
  });

  it("gives our client the same values over TCP, and refuses what was not recorded", async () => {
    const server = await startFrappy("quickCryo");
    const recording = startRecording(path);
    const original = await measureCryostat(server.uri).finally(() => recording.close());
    await server.stop();
    await using node = await startFollowing(readRecording(path), nodeKey(server.uri), { port: server.port });
    const again = await measureCryostat(node.uri);
    const scan = (documents: typeof again.documents) =>
      documents
        .filter(([name]) => name === "event")
        .slice(0, 3)
        .map(([, doc]) => (doc as { data: object }).data);
    expect(scan(again.documents)).to.deep.equal(scan(original.documents));
    expect(withoutPosition(again.printed)).to.deep.equal(withoutPosition(original.printed));
    const refused = await measureCryostat(node.uri, [24, 27]).catch((error: Error) => error);
    expect(String(refused)).to.match(/was recorded once, and that is used up|no "change cryo:target/);
  });

  it("goes on with a twin from the first request on that was not recorded, for any client", async () => {
    const server = await startFrappy("quickCryo");
    const recording = startRecording(path);
    await measureCryostat(server.uri).finally(() => recording.close());
    await server.stop();
    const options = { port: server.port, simulateRest: true, speed: 20 };
    await using node = await startFollowing(readRecording(path), nodeKey(server.uri), options);
    const again = await measureCryostat(node.uri, [24, 28]);
    const targets = again.documents.flatMap(([name, doc]) =>
      name === "event" ? [(doc as { data: Record<string, unknown> }).data["lab-cryo-target"]] : [],
    );
    expect(targets.slice(0, 3)).to.deep.equal([24, 26, 28]);
    expect(node.text).to.match(/ 0 refused; .*simulated from "change cryo:target 26" on$/);
  });

  it("refuses what was not recorded where the node sent no description that a twin could have", async () => {
    const notice = () => {};
    const file = new RecordingFile({ path, client: "test", seed: 1, redaction: new Redaction([]), notice });
    file.add(1, "+", "localhost:10767");
    file.add(1, ">", "describe");
    file.add(1, "<", 'describing . {"modules": ');
    file.close();
    await using node = await startFollowing(readRecording(path), nodeKey("localhost:10767"), { simulateRest: true });
    const client = connect(node.port, "127.0.0.1");
    client.write("describe\n");
    const answers = createInterface({ input: client })[Symbol.asyncIterator]();
    expect((await answers.next()).value).to.equal('describing . {"modules": ');
    client.write("read oven:value\n");
    expect((await answers.next()).value).to.match(/^error_read oven:value .*oven:value was never asked; record again/);
    client.destroy();
  });

  it("has no node that was not recorded, and says which ones it has", async () => {
    const recording = readRecording("notebooks/06-again.rec");
    const held = recording.nodes.map(nodeKey).join(", ");
    const error = await startFollowing(recording, "tcp://10.0.0.9:1").catch((reason: Error) => reason);
    expect((error as Error).message).to.equal(`06-again.rec holds no node tcp://10.0.0.9:1: it holds ${held}`);
  });

  it("stays as it is if the port of a new recorder is taken, and a recorder without a file leaves its port free", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    writeFileSync(path, "#secop-recording 1\n");
    const listeners = process.listenerCount("exit");
    try {
      expect((await failure(startRecordingProxy("127.0.0.1:1", path, { port }))).message).to.match(
        /^cannot listen on port \d+: .*EADDRINUSE/,
      );
      expect(readFileSync(path, "utf8")).to.equal("#secop-recording 1\n");
      expect(process.listenerCount("exit")).to.equal(listeners);
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
    expect((await failure(startRecordingProxy("127.0.0.1:1", folder, { port }))).message).to.match(
      /^cannot record into /,
    );
    const proxy = await startRecordingProxy("127.0.0.1:1", path, { port });
    await proxy.close();
  });

  it("is recorded without the connection of a client that left before the node answered", async () => {
    const nodeSide = new Set<Socket>();
    const server = createServer((socket) => {
      nodeSide.add(socket);
      socket.on("error", () => {});
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = await startRecordingProxy(`127.0.0.1:${port}`, path);
    try {
      const client = connect(Number(proxy.uri.split(":")[1]), "127.0.0.1");
      await once(client, "connect");
      client.resetAndDestroy();
      await once(client, "close");
      const stayed = connect(Number(proxy.uri.split(":")[1]), "127.0.0.1");
      stayed.write("*IDN?\n");
      while (![...nodeSide].some(({ destroyed }) => !destroyed)) await setTimeout(5);
      stayed.destroy();
      while (![...nodeSide].every(({ destroyed }) => destroyed)) await setTimeout(5);
    } finally {
      await proxy.close();
      server.close();
    }
  });
});
