/**
 * Tests of locks and of memorised attributes of Tango devices, against PyTango as server and as another
 * client.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { disposeDevices, generateTangoClass, initDevices, TangoDevice, tangoSignalRw } from "../../lib/index";
import { peersPython, runProgram } from "../peers/peers";
import { startTangoFaults, type TangoServer } from "../peers/tango";
import { failureText } from "../support/failure";

const CLIENT = `
import sys, tango
device = tango.DeviceProxy(sys.argv[1])
try:
    device.write_attribute("kept", 3.0)
    print("set")
except tango.DevFailed as error:
    print(error.args[0].reason)
`;
describe("a Tango device that is locked", function () {
  this.timeout(60_000);
  let server: TangoServer;
  before(async () => {
    server = await startTangoFaults();
  });
  after(() => server.stop());
  const trl = () => server.trl("lab/events/1");
  const otherSets = async () => (await runProgram(peersPython(), ["-c", CLIENT, trl()])).stdout.trim();

  it("can be changed by this program only, until it is unlocked or disposed", async () => {
    const device = new TangoDevice(trl(), { autoFill: false });
    const kept = tangoSignalRw(Number, server.trl("lab/events/1/kept"));
    await initDevices({ device, kept });
    await device.lock();
    await device.lock();
    await kept.set(1.5);
    expect(await otherSets()).to.equal("API_DeviceLocked");
    expect(await kept.getValue()).to.equal(1.5);
    await device.unlock();
    await device.unlock();
    expect(await otherSets()).to.equal("set");
    expect(await kept.getValue()).to.equal(3);
    await device.lock();
    await disposeDevices({ device, kept });
    expect(await otherSets()).to.equal("set");
  });

  it("cannot be locked or changed while another program has locked it", async () => {
    const script = `
      const { TangoDevice, tangoSignalRw } = require("./lib/index");
      (async () => {
        const device = new TangoDevice(${JSON.stringify(trl())}, { autoFill: false });
        const kept = tangoSignalRw(Number, ${JSON.stringify(server.trl("lab/events/1/kept"))});
        await kept.connect();
        const text = (error) => error.reason;
        const read = await kept.getValue();
        const results = [read >= 0, await device.lock().catch(text), await kept.set(4).then(() => "set", text)];
        console.log(JSON.stringify(results));
        await kept.dispose();
      })();
    `;
    const device = new TangoDevice(trl(), { autoFill: false });
    await initDevices({ device });
    await device.lock();
    const { stdout, stderr } = await runProgram(process.execPath, ["--import=tsx", "-e", script]);
    await disposeDevices({ device });
    const refused = ["API_DeviceLocked", "API_DeviceLocked"];
    expect(JSON.parse(stdout || JSON.stringify(stderr))).to.deep.equal([true, ...refused]);
  });

  it("names memorised attributes in its class file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tango-class-"));
    const path = await generateTangoClass(trl(), { file: join(folder, "events.ts") });
    expect(readFileSync(path, "utf8")).to.contain(
      "/** memorised: its server sets it again when it is restarted */\n  readonly kept =",
    );
    rmSync(folder, { recursive: true });
    expect(await failureText(new TangoDevice(server.trl("lab/nothing/1")).lock())).to.contain("cannot lock ");
  });
});
