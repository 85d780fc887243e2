/** What a cell shows while a node, a PV or a Tango device has not answered yet. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { type SimNode, startSimNode } from "../../../lib/sim";
import { type Execution, KernelClient } from "../../support/kernelClient";

/** A server that accepts connections and answers nothing before `release`; then it passes all on to a node. */
class SilentServer {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  readonly #all = new Set<Socket>();
  #target: number | undefined;

  constructor() {
    this.#server = createServer((client) => {
      this.#keep(client);
      if (this.#target === undefined) this.#waiting.push(client);
      else this.#join(client, this.#target);
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  release(port: number): void {
    this.#target = port;
    for (const client of this.#waiting.splice(0)) this.#join(client, port);
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
    this.#server.close();
  }

  #keep(socket: Socket): void {
    this.#all.add(socket);
    socket.on("error", () => {});
  }

  #join(client: Socket, port: number): void {
    const node = connect(port, "127.0.0.1");
    this.#keep(node);
    client.pipe(node).pipe(client);
  }
}

describe("a cell that connects", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let node: SimNode;
  let server: SilentServer;
  let address: string;

  before(async () => {
    node = await startSimNode({ modules: ["cryo"] });
    server = new SilentServer();
    address = await server.start();
    kernel = await KernelClient.start();
    await kernel.run('import { epicsSignalR, initDevices, TangoDevice } from "secop-lab";');
  });

  after(async () => {
    await kernel.close();
    server.close();
    await node.close();
  });

  const texts = (cell: Execution): string[] =>
    cell.outputs().map(({ content }) => String(content.data?.["text/plain"] ?? content.text ?? ""));
  const shows = async (cell: Execution, words: RegExp): Promise<void> => {
    await kernel.message(({ parent, content }) => {
      return parent === cell.id && words.test(String(content.data?.["text/plain"] ?? ""));
    });
  };

  it("says what a silent node has not said yet, and when it has", async () => {
    const cell = kernel.execute(`%connect ${address} as lab --no-class`);
    await shows(cell, /\d s of 10 s · has not said what it is yet \(\*IDN\?\)$/);
    server.release(Number(node.uri.split(":").at(-1)));
    expect((await cell.done).content.status).to.equal("ok");
    expect(texts(cell).join("\n")).to.match(/answered after \d+ s\n/);
  });

  it("says which PV and which Tango device does not answer", async () => {
    const pv = kernel.execute('await initDevices({ s: epicsSignalR(Number, "NO:SUCH:PV") }, { timeout: 2 })');
    await shows(pv, /^NO:SUCH:PV +\[.*does not answer yet/);
    expect((await pv.done).content.status).to.equal("error");
    const silent = new SilentServer();
    try {
      const uri = `tango://${await silent.start()}/a/b/c#dbase=no`;
      const device = kernel.execute(`await new TangoDevice(${JSON.stringify(uri)}).connect({ timeout: 2 })`);
      await shows(device, /^tango:.*does not answer yet/);
      expect((await device.done).content.status).to.equal("error");
    } finally {
      silent.close();
    }
  });
});
