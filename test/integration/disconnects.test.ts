/** What plans do while a node, an IOC or a Tango server is gone. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { initDevices } from "../../lib/core/device/initDevices";
import type { DisconnectPolicy } from "../../lib/core/protocols/lostConnection";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import type { RunEngine } from "../../lib/engine";
import { type Device, disposeDevices, epicsSignalRw, tangoSignalRw } from "../../lib/index";
import { bps, count, scan } from "../../lib/plans";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { startIoc } from "../peers/epics";
import { startTango } from "../peers/tango";
import { failure } from "../support/failure";
import { FaultProxy } from "../support/faultProxy";
import { quietEngine } from "../support/quietEngine";
import { whenIn } from "../support/whenIn";

/** Calls `act` when the plan comes to a command for the `times`-th time. */
function onCommand(RE: RunEngine, command: string, times: number, act: () => void): void {
  let seen = 0;
  RE.msgHook = (msg) => {
    if (msg.command !== command) return;
    seen += 1;
    if (seen === times) act();
  };
}

describe("a plan whose node is gone", function () {
  this.timeout(60_000);
  let logDir: string;
  let sim: SimNode;
  let proxy: FaultProxy;
  let node: DynamicNode;

  beforeEach(async () => {
    logDir = mkdtempSync(join(tmpdir(), "disconnects-"));
    sim = await startSimNode({ speed: 1000, modules: ["cryo", "heater", "sensor"] });
    proxy = await FaultProxy.start(sim.port);
    ({ node } = await initDevices({ node: new SecopNodeDevice(proxy.uri, { logDir, name: "lab", timeout: 2 }) }));
  });

  afterEach(async () => {
    await node.dispose();
    await proxy.close();
    await sim.close();
    rmSync(logDir, { recursive: true, force: true });
  });

  /** Refuses connections and cuts those that are there. */
  const unplug = () => {
    proxy.refusing = true;
    proxy.cut();
  };
  const plug = () => {
    proxy.refusing = false;
    proxy.silent = false;
  };

  for (const [what, begin] of [
    ["is cut", unplug],
    [
      "falls silent, as with a pulled cable,",
      () => {
        proxy.silent = true;
      },
    ],
  ] as const) {
    for (const command of ["read", "set", "wait", "create"]) {
      it(`goes on with the same table when the connection ${what} at "${command}" and comes back`, async () => {
        const { RE, notices } = quietEngine();
        onCommand(RE, command, 2, () => {
          begin();
          whenIn(RE, "suspended").then(plug, () => {});
        });
        const run = await RE(scan([node.sensor], node.cryo, 5, 7, 3));
        expect(run.exitStatus).to.equal("success");
        expect(run.table().length).to.equal(3);
        expect(Array.from(run.table().numbers("lab-cryo-target"))).to.deep.equal([5, 6, 7]);
        const texts = notices.map(({ title, text }) => `${title} ${text}`);
        expect(texts[0]).to.match(
          /^Suspended since \d\d:\d\d:\d\d: lab-\w+( \(127\.0\.0\.1:\d+\))? (is gone|does not answer): ./,
        );
        expect(texts.at(-1)).to.match(/^Released after .*, since \d\d:\d\d:\d\d: lab-\w+.* (is gone|does not answer)/);
        expect(notices[0]?.detail).to.equal("It goes on when it is back, and fails if that takes longer than 30 s.");
      });
    }
  }

  it("waits also if the connection is lost while the positions of a scan are checked", async () => {
    const asked = await startSimNode({ speed: 1000, modules: ["cryo"], version: "2.0" });
    const through = await FaultProxy.start(asked.port);
    const { lab } = await initDevices({ lab: new SecopNodeDevice(through.uri, { logDir, name: "lab", timeout: 2 }) });
    const { RE, notices } = quietEngine();
    onCommand(RE, "wait_for", 1, () => {
      through.refusing = true;
      through.cut();
      whenIn(RE, "suspended").then(
        () => {
          through.refusing = false;
        },
        () => {},
      );
    });
    const run = await RE(scan([lab.cryo], lab.cryo, 5, 7, 3));
    expect([run.exitStatus, run.table().length]).to.deep.equal(["success", 3]);
    expect(notices[0]?.title).to.equal("Suspended");
    await lab.dispose();
    await through.close();
    await asked.close();
  });

  it("goes on when the node was restarted", async () => {
    const { RE } = quietEngine();
    const { port } = sim;
    onCommand(RE, "save", 1, () => {
      void sim.close().then(async () => {
        await whenIn(RE, "suspended");
        sim = await startSimNode({ speed: 1000, modules: ["cryo", "heater", "sensor"], port });
      });
    });
    const run = await RE(count([node.sensor], 3, 0.2));
    expect([run.exitStatus, run.table().length]).to.deep.equal(["success", 3]);
  });

  const failing = async (policy: DisconnectPolicy, device: DisconnectPolicy | undefined) => {
    const { RE, notices } = quietEngine({ onDisconnect: policy });
    node.onDisconnect = device;
    onCommand(RE, "create", 1, unplug);
    const error = await failure(RE(count([node.sensor], 3)));
    return { error, titles: notices.map(({ title }) => title) };
  };

  it("fails at once by the policy fail, of the engine or of the device", async () => {
    const cases = [
      ["fail", undefined],
      ["suspend", "fail"],
    ] as const;
    for (const [policy, ofNode] of cases) {
      const { error, titles } = await failing(policy, ofNode);
      expect(error.message).to.match(/the connection to 127\.0\.0\.1:\d+ was lost|is not connected/);
      expect(titles).to.deep.equal([]);
      plug();
      while (node.state.name !== "connected") await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it("fails with the reason when the limit is over", async () => {
    const { error, titles } = await failing("suspend", { policy: "wait", limit: 0.3 });
    expect(error.name).to.equal("ConnectionLost");
    expect(error.message).to.match(
      /^lab-sensor \(127\.0\.0\.1:\d+\) is gone since \d\d:\d\d:\d\d, and did not come back within 0\.3 s: /,
    );
    expect(titles).to.deep.equal(["Suspended", "Given up"]);
  });

  it("can be aborted while it waits", async () => {
    const { RE } = quietEngine({ onDisconnect: "suspend" });
    onCommand(RE, "create", 1, unplug);
    const handle = RE(count([node.sensor], 3));
    await whenIn(RE, "suspended");
    await RE.abort("no more");
    expect((await handle).exitStatus).to.equal("abort");
  });

  it("cannot wait after clearCheckpoint, and then fails", async () => {
    const { RE } = quietEngine();
    const error = await failure(
      RE(function* () {
        yield* bps.clearCheckpoint();
        unplug();
        yield* bps.sleep(0.1);
        yield* bps.rd(node.sensor);
      }),
    );
    expect(error.message).to.contain("127.0.0.1");
  });

  it("refuses a policy that does not exist, by name", () => {
    const wrong = "never" as never;
    const words = 'onDisconnect is "fail", "wait", "suspend" or { policy: "wait", limit: 60 } (seconds), not \'never\'';
    expect(() => quietEngine({ onDisconnect: wrong })).to.throw(words);
    expect(() => new SecopNodeDevice("localhost", { onDisconnect: wrong })).to.throw(words);
    expect(() => quietEngine({ onDisconnect: { policy: "wait", limit: -1 } })).to.throw("limit: -1");
  });
});

describe("a plan whose control system is restarted", function () {
  this.timeout(60_000);
  let server: { stop(): Promise<void> } | undefined;
  let devices: Record<string, Device> = {};

  afterEach(async () => {
    await disposeDevices(devices);
    await server?.stop();
    devices = {};
    server = undefined;
  });

  /**
   * Measures while the server is away. It is started again when the plan waits: a server that is back before
   * the next point is never missed.
   */
  async function measures(signal: Device & Parameters<typeof count>[0][number], restart: () => Promise<void>) {
    const { RE, notices } = quietEngine();
    let restarted: Promise<void> | undefined;
    onCommand(RE, "save", 1, () => {
      restarted = (async () => {
        await server?.stop();
        await whenIn(RE, "suspended");
        await restart();
      })();
    });
    const run = await RE(count([signal], 8, 0.1));
    await restarted;
    expect([run.exitStatus, run.table().length]).to.deep.equal(["success", 8]);
    expect(notices.map(({ title }) => title)).to.deep.equal(["Suspended", "Released"]);
    const [suspended, released] = notices.map(({ title, text }) => `${title} ${text}`);
    expect(suspended).to.match(/^Suspended since \d\d:\d\d:\d\d: x \(\S+\) is gone: ./);
    expect(released).to.match(/^Released after .*, since \d\d:\d\d:\d\d: x \(\S+\) is gone/);
  }

  for (const [what, address, qsrv] of [
    ["over Channel Access", "LAB:X", false],
    ["over pvAccess", "pva://LAB:X", true],
  ] as const) {
    for (const watched of [false, true]) {
      it(`waits for an EPICS IOC ${what}${watched ? " whose signal is subscribed to" : ""}`, async () => {
        const ioc = await startIoc("records", { qsrv });
        server = ioc;
        const x = epicsSignalRw(Number, address);
        devices = await initDevices({ x });
        if (watched) x.subscribe(() => {});
        await measures(x, async () => {
          server = await startIoc("records", { qsrv, port: ioc.port, pvaPort: ioc.pvaPort });
        });
      });
    }
  }

  it("waits for a Tango server", async () => {
    const started = await startTango();
    server = started;
    const x = tangoSignalRw(Number, started.trl("lab/test/1/x"));
    devices = await initDevices({ x });
    await measures(x, async () => {
      server = await startTango({ port: started.port });
    });
  });
});
