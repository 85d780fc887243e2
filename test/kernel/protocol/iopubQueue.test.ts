import { expect } from "chai";
import { IopubQueue } from "../../../kernel/protocol/iopubQueue";
import { MessageCodec, type MessageHeader } from "../../../kernel/protocol/jupyterMessage";

/** Like zeromq's sockets, it refuses a second send while the first is pending. */
class BusySocket {
  readonly sent: { type: string; content: Record<string, unknown> }[] = [];
  readonly #codec: MessageCodec;
  #busy = false;

  constructor(codec: MessageCodec) {
    this.#codec = codec;
  }

  async send(frames: (Buffer | string | Uint8Array)[]): Promise<void> {
    if (this.#busy) throw Object.assign(new Error("Socket is busy writing"), { code: "EBUSY" });
    this.#busy = true;
    await new Promise((resolve) => setImmediate(resolve));
    this.#busy = false;
    const { header, content } = this.#codec.decode(frames.map((f) => Buffer.from(f as Buffer)));
    this.sent.push({ type: header.msg_type, content });
  }
}

const header = (id: string): MessageHeader => ({
  msg_id: id,
  session: "s",
  username: "u",
  date: "d",
  msg_type: "execute_request",
  version: "5.4",
});

describe("the output queue", () => {
  let socket: BusySocket;
  let queue: IopubQueue;
  const parent = header("a");

  beforeEach(() => {
    const codec = new MessageCodec("k");
    socket = new BusySocket(codec);
    queue = new IopubQueue(socket, codec);
  });

  it("joins text of one stream, and keeps the order of both streams", async () => {
    for (let i = 0; i < 10; i++) queue.stream(parent, "stdout", `${i}\n`);
    queue.stream(parent, "stderr", "e\n");
    queue.stream(parent, "stdout", "last\n");
    await queue.flush();
    expect(socket.sent.map(({ content }) => [content.name, content.text])).to.deep.equal([
      ["stdout", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"],
      ["stderr", "e\n"],
      ["stdout", "last\n"],
    ]);
  });

  it("keeps text of two cells apart", async () => {
    queue.stream(parent, "stdout", "a");
    queue.stream(header("b"), "stdout", "b");
    await queue.flush();
    expect(socket.sent.map(({ content }) => content.text)).to.deep.equal(["a", "b"]);
  });

  it("sends only the newest of the pending updates of one display", async () => {
    const update = (id: string, n: number): void =>
      queue.publish(parent, "update_display_data", { data: { n }, transient: { display_id: id } });
    queue.publish(parent, "display_data", { data: { n: 0 }, transient: { display_id: "x" } });
    for (let n = 1; n <= 100; n++) {
      update("x", n);
      if (n === 50) update("y", n);
    }
    await queue.flush();
    expect(socket.sent.map(({ type, content }) => [type, content.data])).to.deep.equal([
      ["display_data", { n: 0 }],
      ["update_display_data", { n: 100 }],
      ["update_display_data", { n: 50 }],
    ]);
  });

  it("also sends what is published while it flushes", async () => {
    queue.stream(parent, "stdout", "one");
    const flushed = queue.flush();
    queue.publish(parent, "display_data", { data: {} });
    queue.stream(parent, "stdout", "two");
    await flushed;
    expect(socket.sent.map(({ type, content }) => content.text ?? type)).to.deep.equal(["one", "display_data", "two"]);
  });

  it("continues after code was stopped by force", async () => {
    queue.publish(parent, "status", { execution_state: "busy" });
    queue.recover();
    queue.publish(parent, "status", { execution_state: "idle" });
    await queue.flush();
    expect(socket.sent.map(({ content }) => content.execution_state)).to.deep.equal(["busy", "idle"]);
  });

  it("throws at once for content that is not JSON, and sends the rest", async () => {
    expect(() => queue.publish(parent, "display_data", { data: 1n })).to.throw(TypeError);
    queue.stream(parent, "stdout", "after");
    await queue.flush();
    expect(socket.sent).to.have.length(1);
  });
});
