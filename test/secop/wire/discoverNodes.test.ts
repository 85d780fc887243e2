import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { expect } from "chai";
import { discoverNodes } from "../../../lib/secop/wire/discoverNodes";
import { freePort } from "../../support/freePort";

const answer = (extra: object) =>
  JSON.stringify({ SECoP: "node", port: 14932, equipment_id: "id", firmware: "f", description: "d", ...extra });

describe("discoverNodes", () => {
  let responder: Socket;
  let port: number;
  let answers: string[];

  beforeEach(async () => {
    answers = [];
    responder = createSocket("udp4");
    responder.on("message", (packet: Buffer, from: RemoteInfo) => {
      expect(JSON.parse(packet.toString())).to.deep.equal({ SECoP: "discover" });
      for (const text of answers) responder.send(text, from.port, from.address);
    });
    responder.bind(0, "127.0.0.1");
    await once(responder, "listening");
    port = responder.address().port;
  });
  afterEach((done) => {
    responder.close(done);
  });

  const discover = () => discoverNodes({ port, addresses: ["127.0.0.1"], timeout: 0.5 });

  it("gives one node for each port that answers, however often", async () => {
    answers = [answer({}), answer({}), answer({ port: 5, equipment_id: "other", extra: 1 })];
    expect(await discover()).to.deep.equal([
      { uri: "127.0.0.1:14932", equipment_id: "id", firmware: "f", description: "d" },
      { uri: "127.0.0.1:5", equipment_id: "other", firmware: "f", description: "d" },
    ]);
  });

  it("ignores garbage", async () => {
    answers = [
      "",
      "{",
      "null",
      "5",
      "[]",
      '{"SECoP":"discover"}',
      answer({ port: 0 }),
      answer({ port: "1" }),
      answer({ port: 70000 }),
    ];
    expect(await discover()).to.deep.equal([]);
    answers = [answer({ equipment_id: 5, description: null })];
    expect(await discover()).to.deep.equal([
      { uri: "127.0.0.1:14932", equipment_id: "", firmware: "f", description: "" },
    ]);
  });

  it("hears a node that announces itself", async () => {
    const listening = await freePort();
    const found = discoverNodes({ port: listening, addresses: [], timeout: 0.6, listen: true });
    const announcing = setInterval(() => responder.send(answer({}), listening, "127.0.0.1"), 20);
    expect((await found).map((node) => node.uri)).to.deep.equal(["127.0.0.1:14932"]);
    clearInterval(announcing);
  });

  it("can be aborted and asks everywhere by default", async () => {
    const abort = new AbortController();
    const found = discoverNodes({ signal: abort.signal, port });
    abort.abort();
    expect(await found.catch((error: Error) => error.name)).to.equal("AbortError");
  });
});
