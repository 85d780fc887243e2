/** The most frequent mistakes and failures: the user gets one line for each. */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { initDevices } from "../../lib/core/device/initDevices";
import type { Plan } from "../../lib/core/protocols/msg";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { bps, count, scan } from "../../lib/plans";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { failure } from "../support/failure";
import { freePort } from "../support/freePort";
import { quietEngine } from "../support/quietEngine";

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("one line says what is wrong", () => {
  let sim: SimNode;
  let node: DynamicNode;
  let logDir: string;
  let target: number;
  const RE = quietEngine().RE;

  before(async () => {
    logDir = mkdtempSync(join(tmpdir(), "errors-"));
    sim = await startSimNode({ modules: ["cryo", "heater", "sensor", "types"] });
    ({ node } = await initDevices({ node: new SecopNodeDevice(sim.uri, { logDir, name: "lab" }) }));
    target = await node.cryo.target.getValue({ cached: false });
  });

  after(async () => {
    await node.dispose();
    await sim.close();
    rmSync(logDir, { recursive: true, force: true });
  });

  async function connecting(port: number): Promise<string> {
    const device = new SecopNodeDevice(`127.0.0.1:${port}`, { logDir });
    return (await failure(initDevices({ cryo: device }, { timeout: 0.5 }))).message;
  }

  it("when a node can't be connected: wrong port, web server, silence", async () => {
    const web = createHttpServer((_, response) => response.end("hello"));
    const silent = createServer((socket) => socket.on("error", () => undefined).resume());
    const ports = { wrong: await freePort(), web: await listening(web), silent: await listening(silent) };
    const said = (port: number, words: string) =>
      `1 device could not be connected:\n  cryo: cannot connect to 127.0.0.1:${port}: ${words}`;
    expect(await connecting(ports.wrong)).to.equal(
      said(ports.wrong, "connection refused: does the node run, is the port right?"),
    );
    expect(await connecting(ports.web)).to.equal(
      said(ports.web, 'it is a web server, it answered *IDN? with "HTTP/1.1 400 Bad Request"'),
    );
    expect(await connecting(ports.silent)).to.equal(
      said(ports.silent, "it accepts connections but does not answer *IDN? within 0.5 s"),
    );
    web.closeAllConnections();
    for (const server of [web, silent]) server.close();
  });

  const WRONG: [what: string, work: () => PromiseLike<unknown>, message: string][] = [
    ["a module the node lacks", () => run(() => count([node.nothing])), "count: detector 1 is undefined: is the name"],
    [
      "a module to scan that the node lacks",
      () => run(() => scan([node.sensor], node.nothing, 1, 2, 3)),
      "scan: argument 2 is undefined: is the name of the device right?",
    ],
    [
      "a parameter the module lacks",
      () => run(() => bps.mv(node.cryo.nothing, 3)),
      "mv: argument 1 is undefined: is the name of the device right?",
    ],
    [
      "a parameter to read that the module lacks",
      () => run(() => bps.rd(node.cryo.nothing)),
      '"read" got no device: is the name of the device right?',
    ],
    [
      "a name of the wire that the node lacks",
      () => node.client.read("nothing", "value"),
      'cannot read nothing:value: the node has no module "nothing", only cryo, heater, sensor, types',
    ],
    [
      "a parameter of the wire that the module lacks",
      () => node.client.read("sensor", "nothing"),
      'cannot read sensor:nothing: sensor has no parameter "nothing", only value, status',
    ],
    [
      "a read-only parameter",
      () => run(() => bps.mv(node.cryo.value, 3)),
      "mv: argument 1, lab-cryo-value, can't be moved: it is read-only, or measures only",
    ],
    [
      "a read-only parameter of the wire",
      () => node.client.change("cryo", "value", 3),
      "cannot set cryo:value to 3 K: it is read-only",
    ],
    [
      "a value out of range",
      () => run(() => bps.mv(node.cryo, 400)),
      "cannot set cryo:target to 400 K: the node allows 0 K to 325 K",
    ],
    [
      "a point of a scan out of range",
      () => run(() => scan([node.sensor], node.cryo, 400, 500, 2)),
      "cannot set cryo:target to 400 K: the node allows 0 K to 325 K",
    ],
    [
      "a value of the wrong type",
      () => run(() => bps.mv(node.cryo, "warm")),
      'cannot set cryo:target to "warm": "warm" is not a number',
    ],
    [
      "a number for a struct",
      () => run(() => bps.mv(node.types.struct, 3)),
      "cannot set types:_struct to 3: 3 is not an object",
    ],
  ];

  /** Errors that are thrown before the plan begins count, too. */
  async function run(makePlan: () => Plan<unknown>): Promise<unknown> {
    return RE(makePlan());
  }

  for (const [what, work, message] of WRONG) {
    it(`for ${what}`, async () => {
      const said = (await failure(Promise.resolve(work()))).message;
      expect(said.slice(0, message.length)).to.equal(message);
      expect(said).to.not.contain("\n");
      expect(RE.state).to.equal("idle");
    });
  }

  it("and the node is as it was, and usable", async () => {
    expect((await RE(count([node.sensor, node.cryo], 2))).exitStatus).to.equal("success");
    expect(await node.cryo.target.getValue({ cached: false })).to.equal(target);
  });
});
