/**
 * Scans that are interrupted or lose their node: hardware stops, files are complete, the RunEngine stays
 * usable.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { filter, firstValueFrom, map } from "rxjs";
import type { Plan } from "../../lib/core/protocols/msg";
import { waitForValue } from "../../lib/core/signal/observe";
import type { SignalRW } from "../../lib/core/signal/signal";
import type { DrivableDevice } from "../../lib/devices/classes/drivableDevice";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import type { RunEngine } from "../../lib/engine";
import { createRunEngine } from "../../lib/notebook";
import { bps, count, runWrapper, scan } from "../../lib/plans";
import { SimDetector } from "../../lib/sim/devices/simDetector";
import type { SimNode } from "../../lib/sim/runNode";
import { startSimNode } from "../../lib/sim/startSimNode";
import { openRuns } from "../../lib/store/openRuns";
import { startFrappy } from "../peers/frappy";
import { atMessage } from "../support/atMessage";
import { failure } from "../support/failure";
import { RecordingHost } from "../support/recordingHost";
import { whenIn } from "../support/whenIn";

/** A cryostat that takes some time for 100 K, and very little for 1 K. */
const SPEED = 300;
const POINTS = [10, 11, 12];
const VERBS = ["abort", "stop", "halt"] as const;

interface Lab extends AsyncDisposable {
  readonly node: DynamicNode;
  readonly RE: RunEngine;
  readonly dir: string;
  readonly host: RecordingHost;
}

async function lab(uri: string): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), "scan-"));
  const host = new RecordingHost(true);
  const node = new SecopNodeDevice(uri, { name: "lab", logDir: dir, logLevel: "CRITICAL" });
  await node.connect();
  return {
    node,
    dir,
    host,
    RE: createRunEngine({ dir: join(dir, "runs"), onDisconnect: "fail" }),
    [Symbol.asyncDispose]: async () => {
      await node.dispose();
      host.release();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const cryoScan = ({ node }: Lab): Plan<string> => scan([node.sensor], node.cryo, 10, 12, POINTS.length);

async function expectUsable(all: Lab): Promise<void> {
  const { RE, node } = all;
  RE.msgHook = null;
  expect(RE.state).to.equal("idle");
  await node.cryo.waitForIdle();
  expect((await RE(count([node.sensor]))).exitStatus).to.equal("success");
}

/** Resolves when the cryostat says that it moves. */
async function moving({ cryo }: DynamicNode): Promise<void> {
  const states = cryo.status.value$.pipe(map(({ value: [code] }: { value: readonly unknown[] }) => code));
  await firstValueFrom(states.pipe(filter((code) => code === "RAMPING" || code === "BUSY")));
}

/** Sends the cryostat to a temperature, and waits until it is there if `wait` is true. */
const move = ({ node }: Lab, kelvin: number, wait: boolean): Plan<unknown> =>
  runWrapper(bps.absSet(node.cryo, kelvin, { wait }));

async function expectFailedRun({ dir }: Lab, message: string): Promise<void> {
  const run = openRuns(join(dir, "runs")).latest();
  const names: string[] = [];
  for await (const { name } of run.documents()) names.push(name);
  expect(run.stop).to.include({ exit_status: "fail", reason: message });
  expect(names[0]).to.equal("start");
  expect(names.at(-1)).to.equal("stop");
  expect(names.filter((name) => name === "event")).to.have.length(run.stop?.num_events.primary ?? 0);
}

describe("a scan of a SECoP node", () => {
  let sim: SimNode;
  let all: Lab;

  beforeEach(async () => {
    sim = await startSimNode({ speed: SPEED, modules: ["cryo", "heater", "sensor"] });
    all = await lab(sim.uri);
  });

  afterEach(async () => {
    await all[Symbol.asyncDispose]();
    await sim.close();
  });

  it("is paused anywhere and resumed to the same table", async () => {
    const { RE, node } = all;
    for (let index = 1; index < 33; index += 6) {
      atMessage(RE, index, true, () => RE.pause());
      const handle = RE(cryoScan(all));
      await whenIn(RE, "paused", "idle");
      if (RE.state === "paused") {
        await node.cryo.waitForIdle();
        RE.resume();
      }
      expect(await handle, `message ${index}`).to.include({ exitStatus: "success", interrupted: false });
      const there = handle.table().numbers("lab-cryo-value");
      expect(there).to.have.length(POINTS.length);
      POINTS.forEach((target, i) => {
        expect(there[i]).to.be.closeTo(target, 0.5);
      });
    }
    await expectUsable(all);
  });

  for (const verb of VERBS) {
    it(`is ended by ${verb} anywhere, with the cryostat standing still`, async () => {
      const { RE, node, dir } = all;
      for (let index = 1; index < 33; index += 8) {
        atMessage(RE, index, true, () => void RE[verb]());
        const result = await RE(cryoScan(all));
        expect(result.interrupted, `message ${index}`).to.equal(true);
        expect(RE.state).to.equal("idle");
        await node.cryo.waitForIdle();
        const [uid] = result.runStartUids;
        const status = verb === "stop" ? "success" : "abort";
        if (uid) expect(openRuns(join(dir, "runs")).latest().stop).to.include({ run_start: uid, exit_status: status });
      }
      await expectUsable(all);
    });
  }

  it("does not stop the cryostat at its target, nor on its way if the plan ends by itself", async () => {
    const { RE, node } = all;
    await RE(cryoScan(all));
    expect(await node.cryo.target.getValue()).to.equal(12);
    await RE(move(all, 300, false));
    await moving(node);
    expect(await node.cryo.target.getValue()).to.equal(300);
    await node.cryo.stop();
  });

  it("stops the cryostat at the end of every plan, or never, as its options say", async () => {
    const { RE, node } = all;
    const { cryo } = node as unknown as { cryo: DrivableDevice };
    cryo.stopOnExit = true;
    await RE(move(all, 300, false));
    await cryo.waitForIdle();
    expect(await node.cryo.value.getValue({ cached: false })).to.be.below(299);
    cryo.stopOnExit = false;
    const run = RE(move(all, 300, true));
    await moving(node);
    await RE.abort();
    await run;
    await moving(node);
    delete cryo.stopOnExit;
    await node.cryo.stop();
  });

  for (const verb of VERBS) {
    it(`stops the cryostat on its way when it is ended by ${verb}`, async () => {
      const { RE, node } = all;
      const run = RE(move(all, 300, true));
      await moving(node);
      await RE[verb]();
      expect((await run).interrupted).to.equal(true);
      await node.cryo.waitForIdle();
      expect(await node.cryo.value.getValue({ cached: false })).to.be.below(299);
      await expectUsable(all);
    });
  }

  it("stops the cryostat for a pause and sends it on again", async () => {
    const { RE, node } = all;
    const run = RE(move(all, 30, true));
    await moving(node);
    RE.pause();
    await whenIn(RE, "paused", "idle");
    await node.cryo.waitForIdle();
    expect(await node.cryo.value.getValue({ cached: false })).to.be.below(29);
    RE.resume();
    expect((await run).exitStatus).to.equal("success");
    expect(await node.cryo.value.getValue({ cached: false })).to.be.closeTo(30, 1);
  });

  it("fails in one line when the node goes away, with a complete file, and works when it is back", async () => {
    const { RE, node, host } = all;
    const { port } = sim;
    await RE(cryoScan(all));
    const run = failure(Promise.resolve(RE(scan([node.sensor], node.cryo, 12, 300, 2))));
    await moving(node);
    await sim.close();
    const { message } = await run;
    expect(message).to.match(/^set lab-cryo to (12|300) failed: lost the connection before cryo reached .* K.*: .+$/);
    expect(RE.state).to.equal("idle");
    await expectFailedRun(all, message);
    expect(host.text).to.contain("could not stop lab-cryo");
    expect((await failure(Promise.resolve(RE(count([node.sensor]))))).message).to.contain("the node is not connected");
    sim = await startSimNode({ speed: SPEED, modules: ["cryo", "heater", "sensor"], port });
    await firstValueFrom(node.client.state$.pipe(filter(({ name }) => name === "connected")));
    await expectUsable(all);
  });
});

describe("a scan of a frappy node", () => {
  it("fails in one line when the node is killed, with a complete file and an idle RunEngine", async () => {
    const server = await startFrappy("quickCryo");
    const all = await lab(server.uri);
    try {
      const { RE, node } = all;
      const run = failure(Promise.resolve(RE(scan([node.cryo], node.cryo, 300, 200, 2))));
      // The cryostat is busy from the start, also before it is sent anywhere.
      await waitForValue(node.cryo.target as SignalRW<number>, 300);
      await moving(node);
      // The reply to the change comes over another connection than the update, before the reply to this.
      await node.client.read("cryo", "target");
      await server.stop("SIGKILL");
      const { message } = await run;
      expect(message).to.match(/^set lab-cryo to 300 failed: lost the connection before cryo reached 300 K.*: .+$/);
      expect(message).not.to.contain("\n");
      await expectFailedRun(all, message);
      expect(RE.state).to.equal("idle");
      const det = new SimDetector("det");
      expect((await RE(count([det], 3))).exitStatus).to.equal("success");
    } finally {
      await all[Symbol.asyncDispose]();
      await server.stop();
    }
  });
});
