/** Tests of GIOP: values and messages as fast-check makes them, and remote objects of scripted servers. */

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect } from "chai";
import fc from "fast-check";
import { readAny, writeAny } from "../../../lib/tango/giop/any";
import { CdrReader, CdrWriter } from "../../../lib/tango/giop/cdr";
import { GiopConnection } from "../../../lib/tango/giop/giopConnection";
import { encodeRequest, type GiopMessage, GiopMessageSplitter, MessageType } from "../../../lib/tango/giop/giopMessage";
import * as codec from "../../../lib/tango/giop/idlTypes";
import { parseIor } from "../../../lib/tango/giop/ior";
import { RemoteObject } from "../../../lib/tango/giop/remoteObject";
import { basicTypeOf } from "../../../lib/tango/values/basicTypes";
import { failure } from "../../support/failure";

/** Reads garbage: the only exception that `work` may throw is RangeError. */
function onlyRangeErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(RangeError);
  }
}

/** A reply to a request, in one piece or in fragments of 16 bytes. */
function reply(requestId: number, status: number, body: (to: CdrWriter) => void, fragments = false): Buffer {
  const to = new CdrWriter();
  to.raw(Buffer.from("GIOP\x01\x02\x01\x01\0\0\0\0", "latin1"));
  to.unsignedLong(requestId);
  to.unsignedLong(status);
  to.unsignedLong(0);
  to.align(8);
  body(to);
  const whole = Buffer.from(to.bytes);
  whole.writeUInt32LE(whole.length - 12, 8);
  if (!fragments) return whole;
  const parts: Buffer[] = [Buffer.from(whole.subarray(0, 24))];
  for (let at = 24; at < whole.length; at += 16) {
    const header = Buffer.from("GIOP\x01\x02\x01\x07\0\0\0\0\0\0\0\0", "latin1");
    header.writeUInt32LE(requestId, 12);
    parts.push(Buffer.concat([header, whole.subarray(at, at + 16)]));
  }
  for (const [i, part] of parts.entries()) {
    part.writeUInt32LE(part.length - 12, 8);
    if (i < parts.length - 1) part[6] = 3;
  }
  return Buffer.concat(parts);
}

/** A server that calls `answer` at the first bytes of each connection. */
async function scripted(answer: (socket: Socket, connection: number) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket, connection));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { address: { host: "127.0.0.1", port }, close };
}

/** Writes a reference to an object on this port of localhost, or on one of the alternate ports. */
const ior =
  (port: number, alternates: readonly number[] = []) =>
  (to: CdrWriter) => {
    to.string("IDL:Tango/Device_5:1.0");
    to.unsignedLong(1);
    to.unsignedLong(0);
    to.encapsulation((profile) => {
      profile.octet(1);
      profile.octet(2);
      profile.string("127.0.0.1");
      profile.unsignedShort(port);
      profile.octets(Buffer.from("key"));
      profile.unsignedLong(alternates.length);
      for (const alternate of alternates) {
        profile.unsignedLong(3);
        profile.encapsulation((address) => {
          address.string("127.0.0.1");
          address.unsignedShort(alternate);
        });
      }
    });
  };

const ask = (object: RemoteObject, timeout = 10) =>
  object.invoke({ operation: "name", write: () => {} }, (from) => from.string(), { what: "an answer", timeout });

describe("GIOP", () => {
  const values: readonly [number, fc.Arbitrary<unknown>][] = [
    [1, fc.boolean()],
    [2, fc.integer({ min: -32768, max: 32767 })],
    [4, fc.float()],
    [5, fc.double()],
    [8, fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) })],
    [23, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [24, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  ];
  for (const [type, arbitrary] of values) {
    it(`sends and receives ${basicTypeOf(type, [])?.plural} as CORBA's any, alone and in lists`, () => {
      const element = basicTypeOf(type, []);
      if (!element) throw new Error("no such type");
      fc.assert(
        fc.property(fc.array(arbitrary), fc.string({ maxLength: 7 }), (list, before) => {
          const to = new CdrWriter();
          // Shifts the values that follow, so that their alignment matters.
          to.octets(Buffer.from(before, "latin1"));
          const wire = list.map((value) => element.encode(value));
          for (const value of wire) writeAny(to, { type: element.one, value });
          writeAny(to, { type: element.several, value: element.encodeList(list) });
          const from = new CdrReader(to.bytes, true);
          from.octets();
          for (const value of wire) expect(readAny(from)).to.deep.equal(value);
          expect(Array.from(readAny(from) as unknown[])).to.deep.equal(wire);
          expect(from.left).to.equal(0);
        }),
        { numRuns: 50 },
      );
    });
  }

  it("reads numbers in the byte order of the sender", () => {
    const big = Buffer.from("000000020000000040000000000000003ff0000000000000", "hex");
    expect(new CdrReader(big, false).numbers(Float64Array)).to.deep.equal(new Float64Array([2, 1]));
    expect(new CdrReader(Buffer.from("00000102", "hex"), false).unsignedLong()).to.equal(258);
  });

  it("throws nothing but RangeError for garbage in values, types, references and messages", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const types = fc.array(fc.oneof(fc.constantFrom(15, 17, 19, 21, 0xffff_ffff), fc.nat(40)), { maxLength: 40 });
    const readers = [
      readAny,
      (from: CdrReader) => from.numbers(Float64Array),
      (from: CdrReader) => codec.sequence(codec.string).read(from),
      (from: CdrReader) => codec.sequence(codec.struct("IDL:Empty:1.0", {})).read(from),
    ];
    fc.assert(
      fc.property(bytes, fc.boolean(), (garbage, little) => {
        for (const read of readers) onlyRangeErrors(() => read(new CdrReader(garbage, little)));
        onlyRangeErrors(() => parseIor(`IOR:${Buffer.from(garbage).toString("hex")}`));
        onlyRangeErrors(() => new GiopMessageSplitter().push(Buffer.from(garbage), () => {}));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(types, (kinds) => {
        const to = new CdrWriter();
        for (const kind of kinds) to.unsignedLong(kind);
        onlyRangeErrors(() => readAny(new CdrReader(to.bytes, true)));
      }),
      { numRuns: 500 },
    );
  });

  it("allocates no memory for lengths that are only claimed, and rejects types that are nested without end", () => {
    const claim = Buffer.from("ffffffff00000000", "hex");
    expect(() => new CdrReader(claim, true).numbers(Float64Array)).to.throw(RangeError);
    expect(() => codec.sequence(codec.struct("IDL:Empty:1.0", {})).read(new CdrReader(claim, true))).to.throw(
      RangeError,
    );
    const header = Buffer.from("GIOP\x01\x02\x01\x01\xff\xff\xff\xff", "latin1");
    expect(() => new GiopMessageSplitter().push(header, () => {})).to.throw(
      RangeError,
      "a message of 4294967295 bytes is too large",
    );
    const deep = new CdrWriter();
    const nest = (to: CdrWriter, depth: number): void => {
      to.unsignedLong(19);
      if (depth > 0) to.encapsulation((inner) => nest(inner, depth - 1));
    };
    nest(deep, 50);
    expect(() => readAny(new CdrReader(deep.bytes, true))).to.throw(RangeError, "nested too deeply");
  });

  it("reassembles messages, however their bytes arrive", () => {
    const sent = reply(7, 0, (to) => to.string("a longer text, in several fragments"), true);
    fc.assert(
      fc.property(fc.array(fc.nat(sent.length), { maxLength: 6 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), sent.length];
        const received: GiopMessage[] = [];
        const splitter = new GiopMessageSplitter();
        for (let i = 1; i < ends.length; i++)
          splitter.push(sent.subarray(ends[i - 1], ends[i]), (m) => received.push(m));
        expect(received.length).to.equal(1);
        const [message] = received;
        expect(message?.type).to.equal(MessageType.reply);
        for (let i = 0; i < 3; i++) message?.body.unsignedLong();
        message?.body.align(8);
        expect(message?.body.string()).to.equal("a longer text, in several fragments");
      }),
      { numRuns: 50 },
    );
  });

  it("does not copy an image whose last bytes come in a fragment of their own, as omniORB sends them", () => {
    for (const [size, inPlace] of [
      [300, true],
      [4000, false],
    ] as const) {
      const image = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
      const whole = reply(7, 0, (to) => to.octets(image));
      const first = Buffer.from(whole.subarray(0, whole.length - size));
      first[6] = 3;
      first.writeUInt32LE(first.length - 12, 8);
      const last = Buffer.concat([
        Buffer.from("GIOP\x01\x02\x01\x07\0\0\0\0\x07\0\0\0", "latin1"),
        whole.subarray(-size),
      ]);
      last.writeUInt32LE(last.length - 12, 8);
      const received: GiopMessage[] = [];
      const splitter = new GiopMessageSplitter();
      let memory: ArrayBufferLike | undefined;
      const sent = Buffer.concat([first, last]);
      for (let at = 0; at < sent.length; ) {
        const { room } = splitter;
        const count = sent.copy(room, 0, at, at + room.length);
        if (room.length > 0x1_0000) memory = room.buffer;
        at += count;
        splitter.push(room.subarray(0, count), (message) => received.push(message));
      }
      const body = received[0]?.body;
      for (let i = 0; i < 3; i++) body?.unsignedLong();
      body?.align(8);
      const octets = body?.numbers(Uint8Array);
      expect(Buffer.compare(octets ?? Buffer.alloc(0), image)).to.equal(0);
      expect(octets?.buffer === memory).to.equal(inPlace);
    }
  });

  it("writes requests of any length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.array(fc.double(), { maxLength: 200 }), (octets, doubles) => {
        const list = Float64Array.from(doubles);
        const message = encodeRequest(1, octets, "operation", (to) => {
          to.octets(octets);
          to.numbers(list);
        });
        expect(message.readUInt32LE(8)).to.equal(message.length - 12);
        const from = new CdrReader(message, true, 12);
        expect([from.unsignedLong(), from.octet()]).to.deep.equal([1, 3]);
        from.short();
        expect(from.short()).to.equal(0);
        expect([...from.octets()]).to.deep.equal([...octets]);
        expect(from.string()).to.equal("operation");
        expect(from.unsignedLong()).to.equal(0);
        from.align(8);
        expect([...from.octets()]).to.deep.equal([...octets]);
        expect(from.numbers(Float64Array)).to.deep.equal(list);
      }),
      { numRuns: 100 },
    );
  });

  it("follows a forwarded object, and uses the address that answers", async () => {
    const here = await scripted((socket) => socket.write(reply(1, 0, (to) => to.string("here"), true)));
    const there = await scripted((socket) => socket.write(reply(1, 3, ior(1, [here.address.port]))));
    const object = new RemoteObject(async () => ({ addresses: [there.address], key: Buffer.from("key") }));
    expect((await ask(object)).value).to.equal("here");
    object.dispose();
    expect((await failure(ask(object))).message).to.equal("the device was disposed");
    await Promise.all([here.close(), there.close()]);
  });

  it("gives up on a request that is forwarded without end", async () => {
    const server: Awaited<ReturnType<typeof scripted>> = await scripted((socket) =>
      socket.write(reply(1, 3, ior(server.address.port))),
    );
    const object = new RemoteObject(async () => ({ addresses: [server.address], key: Buffer.from("key") }));
    expect((await failure(ask(object))).message).to.equal("the server forwarded the request 4 times");
    object.dispose();
    await server.close();
  });

  it("repeats a request if the server closed the connection before it started it", async () => {
    const close = Buffer.from("GIOP\x01\x02\x01\x05\0\0\0\0", "latin1");
    const server = await scripted((socket, connection) =>
      connection === 1 ? socket.end(close) : socket.write(reply(1, 0, (to) => to.string("second"))),
    );
    const object = new RemoteObject(async () => ({ addresses: [server.address], key: Buffer.from("key") }));
    expect((await ask(object)).value).to.equal("second");
    object.dispose();
    await server.close();
  });

  it("still waits for other answers after the server reported that the object does not exist", async () => {
    const unknown = (to: CdrWriter) => to.string("IDL:omg.org/CORBA/OBJECT_NOT_EXIST:1.0");
    let replyToOther = () => {};
    const server = await scripted((socket) => {
      socket.write(reply(1, 2, unknown));
      replyToOther = () => socket.write(reply(2, 0, (to) => to.string("other")));
    });
    const object = new RemoteObject(async () => ({ addresses: [server.address], key: Buffer.from("key") }));
    const first = failure(ask(object));
    const other = ask(object);
    expect((await first).message).to.equal("the server has no such device");
    replyToOther();
    expect((await other).value).to.equal("other");
    object.dispose();
    await server.close();
  });

  it("reports data that is not GIOP, and gives up on an answer that does not arrive", async () => {
    const web = await scripted((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const mute = await scripted(() => {});
    const short = await scripted((socket) => socket.write(reply(1, 0, () => {})));
    const object = (address: { host: string; port: number }) =>
      new RemoteObject(async () => ({ addresses: [address], key: Buffer.from("key") }));
    const [first, second, third] = [object(web.address), object(mute.address), object(short.address)];
    expect((await failure(ask(first))).message).to.equal(
      `the connection to 127.0.0.1:${web.address.port} is lost: the server sent data that is not GIOP (a message does not begin with GIOP)`,
    );
    expect((await failure(ask(second, 0.05))).message).to.equal("gave up waiting for an answer after 0.05 s");
    expect(await failure(ask(third))).to.be.instanceOf(RangeError);
    first.dispose();
    second.dispose();
    third.dispose();
    await Promise.all([web.close(), mute.close(), short.close()]);
  });

  it("leaves nothing behind if a connection is closed while it opens", async () => {
    const server = await scripted(() => {});
    const connection = new GiopConnection(server.address);
    const opening = failure(connection.open());
    connection.close();
    expect((await opening).message).to.contain("it was closed");
    await server.close();
  });
});
