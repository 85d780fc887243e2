import { expect } from "chai";
import { waitForValue } from "../../lib/core/signal/observe";
import { AcquisitionControllerDevice } from "../../lib/devices/classes/acquisition";
import type { DynamicNode } from "../../lib/devices/node/secopNodeDevice";
import { type FrappyServer, startFrappy } from "../peers/frappy";
import { failureText } from "../support/failure";
import { closeAll, connectTo } from "./connect";

describe("devices of real frappy nodes", function () {
  this.timeout(120_000);

  let server: FrappyServer | null = null;

  const connect = async (name: string): Promise<DynamicNode> => {
    server = await startFrappy(name);
    return connectTo(server.uri);
  };

  afterEach(async () => {
    await closeAll();
    await server?.stop();
    server = null;
  });

  it("move the cryostat with progress, and stop it", async () => {
    const { cryo } = await connect("quickCryo");
    const fractions: number[] = [];
    const status = cryo.set(30);
    status.watch(({ fraction = 0 }) => fractions.push(fraction));
    await status;
    expect((await cryo.locate()).readback).to.be.closeTo(30, 1);
    expect(fractions.at(-1)).to.be.greaterThan(0.8);
    const moving = cryo.set(300);
    await cryo.status.getValue({ cached: false });
    await cryo.stop();
    expect(await failureText(moving)).to.match(/^cryo was stopped before it reached 300 K \(at .* K\)$/);
    await cryo.waitForIdle();
  });

  it("refuse what the node would refuse, and report the node's own refusals with its message", async () => {
    const { cryo } = await connect("quickCryo");
    expect(await failureText(cryo.set(-1))).to.equal("cannot set cryo:target to -1 K: the node allows at least 0 K");
    expect(await failureText(cryo.set("warm"))).to.equal('cannot set cryo:target to "warm": "warm" is not a number');
    expect(await failureText(cryo.mode.set("fast"))).to.contain("is not one of ramp, pid, openloop");
    expect(cryo.value.set).to.equal(undefined);
  });

  it("make a move fail when the node dies during it", async () => {
    const { cryo } = await connect("quickCryo");
    const moving = cryo.set(300);
    await cryo.status.getValue({ cached: false });
    await server?.stop("SIGKILL");
    expect(await failureText(moving)).to.match(/^lost the connection before cryo reached 300 K/);
    expect(await failureText(Promise.resolve(cryo.read()))).to.contain("the node is not connected");
  });

  it("wait for a module that turns BUSY late", async () => {
    const { sample } = await connect("magnet");
    const start = await sample.value.getValue();
    await sample.set(start + 1);
    expect(await sample.value.getValue()).to.be.closeTo(start + 1, 0.2);
  });

  it("drive a magnet through its states", async () => {
    const { field } = await connect("magnet");
    await field.set(0.02);
    expect(await field.value.getValue()).to.be.closeTo(0.02, 0.005);
  });

  it("acquire with a controller and its channels, up to a goal", async () => {
    const { control, chan1, alone } = await connect("acquisition");
    expect(control).to.be.instanceOf(AcquisitionControllerDevice);
    await control.prepare({ first: 3, second: null });
    await control.trigger();
    const keys = Object.keys(await control.read());
    expect(keys).to.deep.equal(["acquisition-test-chan1-value", "acquisition-test-chan2-value"]);
    expect(await chan1.value.getValue()).to.be.at.least(3);
    expect(await failureText(control.prepare({ third: 1 }))).to.contain('has no channel "third", only first, second');
    await alone.prepare(2);
    await alone.trigger();
    expect(await alone.value.getValue()).to.be.at.least(2);
  });

  it("stop an acquisition without a goal", async () => {
    const { control } = await connect("acquisition");
    await control.prepare({ first: null, second: null });
    const status = control.trigger();
    await waitForValue(control.status, ([code]: readonly [string, string]) => code === "BUSY");
    await control.stop();
    await status;
  });
});
