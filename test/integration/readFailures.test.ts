/** What devices of EPICS and Tango do when one of their signals cannot be read: the same as modules of SEC nodes. */

import { expect } from "chai";
import {
  type Device,
  disposeDevices,
  EpicsDevice,
  EpicsImage,
  epicsSignalR,
  epicsSignalRw,
  initDevices,
  type Readable,
  type SignalR,
  type StandardReadable,
  TangoDevice,
  type TangoError,
} from "../../lib/index";
import { count } from "../../lib/plans";
import { type Ioc, startIoc } from "../peers/epics";
import { startTango, type TangoServer } from "../peers/tango";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";

class Bench extends EpicsDevice {
  readonly guarded = epicsSignalR(Number, this.pv("GUARDED"));
  readonly other = epicsSignalR(Number, this.pv("OTHER"));
  constructor() {
    super("LAB:");
    this.addReadables([this.guarded, this.other]);
  }
}

class Camera extends EpicsDevice {
  readonly image = epicsSignalR(EpicsImage, this.pv("SQUEEZED"));
  readonly t = epicsSignalR(Number, this.pv("T"));
  constructor() {
    super("pva://PVA:");
    this.addReadables([this.image, this.t], "uncached");
  }
}

/** The data of the one event of a run, and its exit status. */
async function counted(device: Device): Promise<Record<string, unknown>> {
  const { RE } = quietEngine();
  const run = await RE(count([device as unknown as Readable], 1));
  expect(run.exitStatus).to.equal("success");
  const table = run.table();
  return Object.fromEntries(table.columns.map((column) => [column, table.column(column)[0]]));
}

/** Checks the three policies on a device of which `bad` cannot be read for the reason that `words` say. */
async function check(device: StandardReadable, bad: SignalR, words: string, good: string): Promise<void> {
  const key = bad.name.split("-").at(-1) ?? "";
  const advice = `(to go without it: x.setFormat(x.${key}, "omit"); to record NaN: x.readErrorPolicy = "nan")`;
  expect((await failure(Promise.resolve(device.read()))).message).to.equal(`${words} ${advice}`);
  const { RE } = quietEngine();
  expect((await failure(RE(count([device as Readable], 1)))).message).to.contain(`${words} ${advice}`);
  // A signal that is read alone needs no advice.
  expect((await failure(Promise.resolve(bad.read({ cached: false })))).message).to.equal(words);
  device.setFormat(bad, "omit");
  expect(await counted(device))
    .to.include.keys(good)
    .and.not.to.include.keys(bad.name);
  device.setFormat(bad, "uncached");
  device.readErrorPolicy = "nan";
  const reading = (await device.read())[bad.name];
  expect([reading?.alarm_severity, reading?.message]).to.deep.equal([-1, words]);
  expect((await device.read())[good]?.alarm_severity).to.not.equal(-1);
}

describe("a device of which one signal cannot be read", function () {
  this.timeout(60_000);

  it("says how to go without it, or records NaN (Channel Access)", async () => {
    const ioc: Ioc = await startIoc("faults");
    const devices = await initDevices({ x: new Bench(), allow: epicsSignalRw(Number, "LAB:ALLOW") });
    try {
      await devices.allow.set(0);
      const { x } = devices;
      await check(x, x.guarded, "cannot read LAB:GUARDED: you have no read access", "x-other");
      expect(await counted(x)).to.deep.include({ "x-guarded": Number.NaN, "x-other": 7 });
    } finally {
      await disposeDevices(devices);
      await ioc.stop();
    }
  });

  it("says how to go without it (pvAccess)", async () => {
    const ioc: Ioc = await startIoc("pva");
    const devices = await initDevices({ x: new Camera() });
    try {
      const words = "cannot read PVA:SQUEEZED: its images are compressed (lz4): switch the compression off";
      await check(devices.x, devices.x.image, words, "x-t");
    } finally {
      await disposeDevices(devices);
      await ioc.stop();
    }
  });

  it("says how to go without it, or records NaN (Tango)", async () => {
    const server: TangoServer = await startTango();
    const devices = await initDevices({ x: new TangoDevice(server.trl("lab/test/1")) });
    try {
      const { x } = devices;
      const words = "cannot read lab/test/1/broken: the sensor is not \\x1b[31mplugged in (LAB_NoSensor)";
      const invalid = x.attributes.get("invalid") as SignalR;
      x.setFormat(invalid, "omit");
      const error = await failure(Promise.resolve(x.read()));
      expect((error as TangoError).reason).to.equal("LAB_NoSensor");
      await check(x, x.attributes.get("broken") as SignalR, words, "x-counter");
      expect(await counted(x)).to.deep.include({ "x-broken": Number.NaN, "x-double": 1.5 });
    } finally {
      await disposeDevices(devices);
      await server.stop();
    }
  });
});
