/** Tests of movable Tango devices, against a PyTango server. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  bps,
  createRunEngine,
  disposeDevices,
  initDevices,
  openRuns,
  SecopNodeDevice,
  type SignalRW,
  SimMotor,
  scan,
  startSimNode,
  TangoDevice,
  TangoMovable,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
} from "../../lib/index";
import { startTango, type TangoServer } from "../peers/tango";
import { expectValid } from "../support/documentChecks";
import { failure } from "../support/failure";
import { RecordingHost } from "../support/recordingHost";

describe("a movable Tango device", () => {
  let server: TangoServer;
  let devices: { motor: TangoMovable; velocity: SignalRW<number> };
  before(async () => {
    server = await startTango();
    devices = await initDevices({
      motor: new TangoMovable(server.trl("lab/motor/1"), { tolerance: 0.001 }),
      velocity: tangoSignalRw(Number, server.trl("lab/motor/1/velocity")),
    });
  });
  /** The motor is so fast that tests need not wait, unless a test slows it down to act on the way. */
  beforeEach(() => devices.velocity.set(200));
  after(async () => {
    await disposeDevices(devices);
    await server.stop();
  });

  const fails = async (work: PromiseLike<unknown>): Promise<string> => (await failure(work)).message;

  it("arrives, and reports its position on the way", async () => {
    const { motor, velocity } = devices;
    await velocity.set(10);
    const seen: number[] = [];
    const status = motor.set(10);
    status.watch(({ current, target, unit }) => {
      expect([target, unit]).to.deep.equal([10, "mm"]);
      seen.push(current);
    });
    await status;
    expect(seen.length).to.be.at.least(1);
    expect(await motor.locate()).to.deep.equal({ setpoint: 10, readback: 10 });
    expect(Object.keys(await motor.read())).to.deep.equal(["motor"]);
  });

  it("rejects values outside its limits", async () => {
    const { motor } = devices;
    expect(await fails(motor.set(200))).to.equal("cannot set motor to 200 mm: the device allows -10 mm to 100 mm");
    expect(await fails(motor.checkValue(Number.NaN))).to.equal("cannot set motor to NaN mm: use a finite number");
    expect(() => new TangoMovable("a/b/c", { tolerance: -1 })).to.throw("tolerance -1: use a number from 0");
  });

  it("fails when it is stopped by this client or another one", async () => {
    const { motor, velocity } = devices;
    await motor.set(0);
    await velocity.set(2);
    const stopped = motor.set(40);
    await new Promise<void>((moving) => stopped.watch(({ current }) => current > 0.5 && moving()));
    await motor.stop();
    expect(await fails(stopped)).to.match(/^motor was stopped at \S+ mm before it reached 40 mm$/);
    expect(await motor.state.getValue()).to.equal("ON");
    const { other } = await initDevices({ other: tangoCommand(server.trl("lab/motor/1/Stop")) });
    const fromOutside = motor.set(-10);
    await new Promise<void>((moving) =>
      motor.state.subscribe(({ "motor-state": s }) => s?.value === "MOVING" && moving()),
    );
    await other.execute();
    expect(await fails(fromOutside)).to.match(/^motor stopped before it reached -10 mm: it is at \S+ mm$/);
    await other.dispose();
  });

  it("fails when it ends in a fault", async () => {
    const { motor } = devices;
    expect(await fails(motor.set(60))).to.equal("motor went to FAULT before it reached 60 mm: it is at 5 mm");
    await motor.set(0);
  });

  it("waits for a device that never reports MOVING until it comes within the tolerance", async () => {
    const options = { attribute: "current", tolerance: 0.01, stop: "Touch" };
    const { supply } = await initDevices({ supply: new TangoMovable(server.trl("lab/test/1"), options) });
    await supply.set(1);
    expect((await supply.locate()).readback).to.be.closeTo(1, 0.01);
    await supply.dispose();
  });

  it("accepts the position where the device stops if no tolerance is given", async () => {
    const { plain } = await initDevices({ plain: new TangoMovable(server.trl("lab/motor/1")) });
    await plain.set(1);
    expect(await plain.locate()).to.deep.equal({ setpoint: 1, readback: 1 });
    await plain.dispose();
  });

  it("is scanned together with a SEC node and a soft motor, with table, plot and documents that event_model accepts", async () => {
    const { motor } = devices;
    const node = await startSimNode({ speed: 1000 });
    const others = await initDevices({
      lab: new SecopNodeDevice(node.uri),
      x: tangoSignalR(Number, server.trl("lab/test/1/x")),
      mode: tangoSignalR(null, server.trl("lab/test/1/mode")),
      image: tangoSignalR([Float64Array], server.trl("lab/test/1/image")),
      huge: tangoSignalR(BigInt, server.trl("lab/test/1/long64")),
      bench: new TangoDevice(server.trl("lab/motor/1")),
      soft: new SimMotor("soft"),
    });
    const { lab, x, mode, image, huge, bench, soft } = others;
    const cryo = lab.modules.get("cryo");
    if (!cryo) throw new Error("the node has no cryo");
    const dir = await mkdtemp(join(tmpdir(), "tango-runs-"));
    const host = new RecordingHost(true);
    try {
      const RE = createRunEngine({ dir });
      const detectors = [cryo as never, x, mode, image, huge, bench];
      const run = await RE(scan(detectors, motor, -1, 1, soft, 0, 4, 3));
      expect(run.exitStatus).to.equal("success");
      expect(
        run
          .table()
          .rows()
          .map((row: Record<string, unknown>) => [row.motor, row.soft, row.mode]),
      ).to.deep.equal([
        [-1, 0, "slow"],
        [0, 2, "slow"],
        [1, 4, "slow"],
      ]);
      expect(host.outputs.some((output) => "application/vnd.vegalite.v5+json" in output)).to.equal(true);
      expect(host.outputs.some((output) => `${output["text/html"]}`.includes("3 rows"))).to.equal(true);
      const lines = (await readFile(openRuns(dir).latest().path, "utf8")).trim().split("\n");
      expect(lines).to.have.length(6);
      await expectValid(lines.map((line) => JSON.parse(line)));
    } finally {
      host.release();
      await disposeDevices(others);
      await node.close();
      await rm(dir, { recursive: true });
    }
  }).timeout(30_000);

  it("is stopped when its plan is aborted", async () => {
    const { motor, velocity } = devices;
    await motor.set(0);
    await velocity.set(4);
    const RE = createRunEngine({ live: false, store: false });
    const stopping = RE(bps.mv(motor, 45));
    await new Promise<void>((moving) => motor.position.subscribe(({ motor: r }) => (r?.value ?? 0) > 2 && moving()));
    await stopping.abort("enough");
    expect(await motor.state.getValue({ cached: false })).to.equal("ON");
    expect((await motor.locate()).readback).to.be.lessThan(45);
  });
});
