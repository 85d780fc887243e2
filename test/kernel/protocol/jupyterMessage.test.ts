import { expect } from "chai";
import fc from "fast-check";
import { MessageCodec } from "../../../kernel/protocol/jupyterMessage";

const asBuffers = (frames: readonly (Buffer | string | Uint8Array)[]): Buffer[] =>
  frames.map((f) => Buffer.from(f as Buffer));

describe("Jupyter messages", () => {
  it("are read as they were written, with any content and buffers", () => {
    const codec = new MessageCodec("secret");
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.uint8Array()),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 5 })),
        (content, buffers, identities) => {
          const frames = codec.encode(
            { type: "stream", parent: { msg_id: "p" }, content: JSON.stringify(content), buffers },
            identities.map((i) => Buffer.from(i)),
          );
          const message = codec.decode(asBuffers(frames));
          expect(message.content).to.deep.equal(JSON.parse(JSON.stringify(content)));
          expect(message.buffers.map((b) => [...b])).to.deep.equal(buffers.map((b) => [...b]));
          expect(message.identities.map((b) => [...b])).to.deep.equal(identities.map((b) => [...b]));
          expect(message.header.msg_type).to.equal("stream");
          expect(message.parentHeader).to.deep.equal({ msg_id: "p" });
        },
      ),
    );
  });

  it("are rejected if the signature is wrong or missing", () => {
    const frames = asBuffers(new MessageCodec("one").encode({ type: "status", parent: {}, content: "{}" }, []));
    expect(() => new MessageCodec("two").decode(frames)).to.throw("wrong signature");
    frames[1] = Buffer.alloc(0);
    expect(() => new MessageCodec("one").decode(frames)).to.throw("wrong signature");
    expect(() => new MessageCodec("one").decode(frames.slice(0, 3))).to.throw("not a Jupyter message");
  });

  it("of a connection without a key are not signed", () => {
    const codec = new MessageCodec("");
    const frames = asBuffers(codec.encode({ type: "status", parent: {}, content: '{"a":1}' }, []));
    expect(frames[1]).to.have.length(0);
    expect(codec.decode(frames).content).to.deep.equal({ a: 1 });
  });
});
