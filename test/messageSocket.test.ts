/** Tests of connections that carry messages, with a protocol whose messages begin with their length. */

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect } from "chai";
import { MessageSocket } from "../lib/messageSocket";
import { type MessageFormat, MessageSplitter } from "../lib/messageSplitter";
import { numbersIn } from "../lib/numbersIn";

const FORMAT: MessageFormat<Buffer> = {
  header: 4,
  sizeOf: (bytes) => {
    const size = bytes.readUInt32BE(0);
    if (size > 2 ** 24) throw new RangeError(`a message has ${size} bytes`);
    return 4 + size;
  },
  parse: (bytes) => bytes.subarray(4),
};

function framed(content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(content.length);
  return Buffer.concat([head, content]);
}

/** A message of many bytes, all of which differ from those of its neighbours. */
const large = (size: number, seed: number) =>
  Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i + seed) % 251));

describe("a connection that carries messages", () => {
  it("receives small and large messages as they were sent, also into memory that it is offered", () => {
    const sent = [large(3, 1), large(200_000, 2), Buffer.alloc(0), large(70_000, 3), large(10, 4)];
    const stream = Buffer.concat(sent.map(framed));
    const received: Buffer[] = [];
    const splitter = new MessageSplitter(FORMAT);
    for (let at = 0; at < stream.length; ) {
      const { room } = splitter;
      const count = Math.min(room.length, stream.length - at, 50_000);
      stream.copy(room, 0, at, at + count);
      splitter.push(room.subarray(0, count), (message) => received.push(message));
      at += count;
    }
    expect(received.map(({ length }) => length)).to.deep.equal(sent.map(({ length }) => length));
    for (const [i, message] of received.entries()) expect(message.equals(sent[i] ?? Buffer.alloc(0))).to.equal(true);
  });

  it("sends in order, receives from a server and says once why it has ended", async () => {
    const peers: Socket[] = [];
    const server = createServer((peer) => {
      peers.push(peer);
      peer.pipe(peer);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const received: Buffer[] = [];
    const reasons: string[] = [];
    const sent = [large(5, 1), large(10_000_000, 2), large(8, 3), large(9, 4), large(700_000, 5), large(7, 6)];
    let all = () => {};
    const arrived = new Promise<void>((resolve) => {
      all = resolve;
    });
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const socket = new MessageSocket(
      { host: "127.0.0.1", port },
      {
        protocol: "the protocol of this test",
        splitter: new MessageSplitter(FORMAT),
        onMessage: (message) => {
          if (received.push(message) === sent.length) all();
        },
        onClosed: (reason) => {
          reasons.push(reason);
          end();
        },
      },
    );
    for (const content of sent.slice(0, 3)) socket.send(framed(content));
    // These are sent while the large message is under way.
    await once(server, "connection");
    for (const content of sent.slice(3)) socket.send(framed(content));
    await arrived;
    expect(received.map((message, i) => message.equals(sent[i] ?? Buffer.alloc(0)))).to.deep.equal(
      sent.map(() => true),
    );
    peers[0]?.write(Buffer.from("ffffffff", "hex"));
    await ended;
    socket.close("too late");
    expect(reasons).to.deep.equal([
      "the server sent data that is not the protocol of this test (a message has 4294967295 bytes)",
    ]);
    server.close();
  });

  it("says that the server closed or reset it, or that there is none", async () => {
    const ended = async (port: number): Promise<string> =>
      await new Promise((resolve) => {
        new MessageSocket(
          { host: "127.0.0.1", port },
          { protocol: "any", splitter: new MessageSplitter(FORMAT), onMessage: () => {}, onClosed: resolve },
        );
      });
    let end = (peer: Socket): unknown => peer.end();
    const server = createServer((peer) => end(peer)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await ended(port)).to.equal("the server closed the connection");
    end = (peer) => peer.resetAndDestroy();
    expect(await ended(port)).to.equal("the server reset the connection");
    server.close();
    await once(server, "close");
    expect(await ended(port)).to.contain("ECONNREFUSED");
  });

  it("gives large arrays as views of the message and small ones as copies, in the order of this machine", () => {
    const bytes = Buffer.from("0001ff00", "hex");
    expect(Array.from(numbersIn(bytes, Uint16Array, true))).to.deep.equal([1, 0xff00]);
    expect(Array.from(numbersIn(bytes, Uint16Array, false))).to.deep.equal([0x100, 0xff]);
    expect(bytes.toString("hex")).to.equal("0001ff00");
    const many = Buffer.allocUnsafeSlow(2 + 200_000).fill(1);
    const view = numbersIn(many.subarray(2), Int16Array, false);
    expect([view.buffer === many.buffer, view.length, view[99_999]]).to.deep.equal([true, 100_000, 0x101]);
    const unaligned = numbersIn(many.subarray(1, 200_001), Int16Array, false);
    expect([unaligned.buffer === many.buffer, unaligned.length]).to.deep.equal([false, 100_000]);
  });
});
