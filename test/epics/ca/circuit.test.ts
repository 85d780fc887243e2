/** Tests of the TCP connection to an EPICS server. */

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect } from "chai";
import { CaCommand } from "../../../lib/epics/ca/caMessage";
import { Circuit } from "../../../lib/epics/ca/circuit";
import { failure } from "../../support/failure";

describe("a connection to an EPICS server", () => {
  it("forgets a request that its caller has given up, also before it began, while others still wait", async () => {
    const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const connected = once(server, "connection") as Promise<[Socket]>;
    const circuit = new Circuit({ host: "127.0.0.1", port }, () => {});
    const ask = (name: string, signal?: AbortSignal) =>
      failure(circuit.request(CaCommand.readNotify, {}, `cannot read ${name}`, signal));
    const abort = new AbortController();
    const [givenUp, left] = [ask("X", abort.signal), ask("Y")];
    abort.abort(new Error("enough"));
    expect((await givenUp).message).to.equal("enough");
    expect((await ask("Z", abort.signal)).message).to.equal("enough");
    const [socket] = await connected;
    socket.destroy();
    expect((await left).message).to.match(/^cannot read Y: the connection to .* is lost/);
    server.close();
  });
});
