import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { freePorts } from "../../../kernel/run/freePorts";
import type * as headless from "../../../kernel/run/headlessKernel";
import { repository } from "../../peers/peers";

/** The compiled class, which starts the compiled program. */
const { HeadlessKernel } = require(join(repository, "dist/kernel/run/headlessKernel.js")) as typeof headless;

describe("the kernel of a headless run", function () {
  this.timeout(60_000);
  let taken: Server;

  before(async () => {
    taken = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  });

  after(() => new Promise((resolve) => taken.close(resolve)));

  /** Five ports, one of which is taken by another program. */
  async function portsWithTaken(at: number): Promise<number[]> {
    const ports = await freePorts(5);
    ports[at] = (taken.address() as { readonly port: number }).port;
    return ports;
  }

  for (const [at, name] of Object.entries({ 0: "shell", 4: "heartbeat" })) {
    it(`starts on other ports if that of its ${name} channel is taken by another program`, async () => {
      let attempts = 0;
      const ports = (): Promise<number[]> => (attempts++ === 0 ? portsWithTaken(Number(at)) : freePorts(5));
      const kernel = await HeadlessKernel.start(tmpdir(), process.env, ports);
      const texts: unknown[] = [];
      const reply = await kernel.execute("console.log('here')", (_, { text }) => texts.push(text));
      await kernel.close();
      expect([attempts, reply.status, texts.at(-1)]).to.deep.equal([2, "ok", "here\n"]);
    });
  }

  it("gives up and says why if ports are taken again and again", async () => {
    const error: unknown = await HeadlessKernel.start(tmpdir(), process.env, () => portsWithTaken(0)).catch((e) => e);
    expect(error)
      .to.be.an("error")
      .with.property("message", "the kernel could not be started: its ports are taken by other programs");
  });
});
