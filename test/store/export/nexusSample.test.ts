import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Movable, Readable, Subscribable } from "../../../lib/core";
import { initDevices } from "../../../lib/core";
import { SecopNodeDevice } from "../../../lib/devices";
import { createRunEngine } from "../../../lib/notebook";
import { count, monitorDuringWrapper, scan } from "../../../lib/plans";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { openRuns } from "../../../lib/store/openRuns";
import { startFrappy } from "../../peers/frappy";
import { peer, runProgram, runPython } from "../../peers/peers";

interface Found {
  readonly sample: Record<string, string>;
  readonly values: Record<string, number>;
  readonly environments: Record<
    string,
    { equipment_id: string | null; sensors: Record<string, Record<string, unknown>> }
  >;
}

describe("the sample in a NeXus file", function () {
  this.timeout(120_000);
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "sample-"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const exported = async (uri: string): Promise<Found> => {
    const node = new SecopNodeDevice(uri, { name: "env" });
    await initDevices({ env: node });
    try {
      const RE = createRunEngine({ live: false, dir: join(dir, "runs") });
      await RE(count([node], 2));
    } finally {
      await node.dispose();
    }
    await openRuns(join(dir, "runs")).latest().export(join(dir, "run.nxs"));
    return await read();
  };

  /** What Python reads in the file, which is valid. */
  const read = async (): Promise<Found> => {
    const { stdout, stderr } = await runProgram(peer("pynx"), ["validate", "run.nxs"], { cwd: dir });
    expect(stdout + stderr).to.contain("is valid according to the `NXsensor_scan` application definition");
    return JSON.parse(await runPython("test/peers/keeping/readSample.py", [join(dir, "run.nxs")])) as Found;
  };

  it("has what modules with a meaning measure; of two with the same importance the one that measures, not the one that regulates", async () => {
    const node = await startSimNode({ port: 0 });
    try {
      const { sample, values, environments } = await exported(node.uri);
      expect(sample).to.deep.equal({
        temperature: "/entry/instrument/env/sensor/value",
        temperature_log: "/entry/instrument/env/sensor/value_log",
        magnetic_field: "/entry/instrument/env/magnet/value",
        magnetic_field_log: "/entry/instrument/env/magnet/value_log",
      });
      expect(values).to.deep.equal({ temperature: 10, magnetic_field: 0 });
      const { equipment_id, sensors } = environments.env ?? { equipment_id: null, sensors: {} };
      expect(equipment_id).to.equal("demo");
      expect(sensors.cryo).to.deep.include({ name: "env-cryo", measurement: "temperature", value: 10 });
      expect(sensors.sensor?.logged).to.be.greaterThan(0);
      expect(sensors.oxygen).to.deep.include({ measurement: "flow", attached_to: "sample environment" });
      // A heater has no meaning, and what it measures is not guessed.
      expect(sensors.heater).to.not.have.property("measurement");
    } finally {
      await node.close();
    }
  });

  it("stands beside the states of its module, as a log of their codes with names and texts", async () => {
    const node = await startSimNode({ port: 0 });
    const env = new SecopNodeDevice(node.uri, { name: "env" });
    await initDevices({ env });
    try {
      const { cryo, sensor } = env as unknown as {
        readonly cryo: Movable<number> & Readable & { readonly status: Readable & Subscribable };
        readonly sensor: Readable;
      };
      const RE = createRunEngine({ live: false, dir: join(dir, "runs") });
      await RE(monitorDuringWrapper(scan([sensor], cryo, 10, 10.1, 2), [cryo.status]));
    } finally {
      await env.dispose();
      await node.close();
    }
    const run = openRuns(join(dir, "runs")).latest();
    // A log has each moment once.
    const states = new Map<number | undefined, [string, string]>();
    for await (const { data, timestamps } of run.events("env-cryo-status_monitor"))
      states.set(timestamps["env-cryo-status"], data["env-cryo-status"] as never);
    const kept = [...states.values()];
    await run.export(join(dir, "run.nxs"));
    const { environments } = await read();
    const log = environments.env?.sensors.cryo?.status_log as Record<string, unknown[]>;
    expect(log.class).to.equal("NXlog");
    expect(log.names).to.include.members(["IDLE", "RAMPING"]);
    expect(log.names).to.deep.equal(kept.map(([name]) => name));
    expect(log.texts).to.deep.equal(kept.map(([, text]) => text));
    const codes: Record<string, number> = { IDLE: 100, RAMPING: 370, STABILIZING: 380 };
    expect(log.value).to.deep.equal(kept.map(([name]) => codes[name]));
    expect(log.description).to.contain("100 IDLE, ").and.to.contain("370 RAMPING");
  });

  it("is found by the meaning that a frappy server gives its modules", async () => {
    const server = await startFrappy("facility");
    try {
      const { sample, environments } = await exported(server.uri);
      expect(sample).to.deep.equal({
        magnetic_field: "/entry/instrument/env/field/value",
        magnetic_field_log: "/entry/instrument/env/field/value_log",
      });
      const { equipment_id, sensors } = environments.env ?? { equipment_id: null, sensors: {} };
      expect(equipment_id).to.equal("facility.test");
      expect(sensors.field).to.deep.include({ measurement: "magnetic_field", value: 0 });
      // A module with five temperatures has no single one for the sample.
      expect(sensors.temperatures).to.deep.include({ class: "NXsensor", measurement: "temperature" });
      expect(sensors.temperatures?.value).to.be.an("array").with.length(5);
      // A sensor of NeXus must have a number.
      expect(sensors.limits).to.deep.include({ class: "NXcollection" }).and.not.have.property("value");
    } finally {
      await server.stop();
    }
  });
});
