/**
 * Tests of Tango devices that answer slowly, fail in parts, or send texts of either encoding, against
 * PyTango.
 */

import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect } from "chai";
import {
  disposeDevices,
  initDevices,
  TangoDevice,
  TangoMovable,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
} from "../../lib/index";
import { startTangoFaults, type TangoServer } from "../peers/tango";
import { failureText } from "../support/failure";

describe("a slow Tango device (PyTango)", () => {
  let server: TangoServer;
  before(async () => {
    server = await startTangoFaults();
  });
  after(() => server.stop());
  const at = (name: string) => server.trl(`lab/slow/1/${name}`);

  it("is read as a whole although one attribute takes longer than the server lets others wait", async () => {
    const devices = await initDevices({ device: new TangoDevice(server.trl("lab/slow/1"), { name: "device" }) });
    const { device } = devices;
    for (const name of ["broken", "calls"]) {
      device.setFormat(device.attributes.get(name), "omit");
    }
    const readings = await device.read();
    expect(readings["device-slow"]?.value).to.equal(4);
    expect(readings["device-warmth"]?.value).to.equal(21.5);
    await disposeDevices(devices);
  }).timeout(30_000);

  it("gets one call for the reads of one turn, in which a failing attribute fails alone", async () => {
    const devices = await initDevices({
      calls: tangoSignalR(Number, at("calls")),
      warmth: tangoSignalR(Number, at("warmth")),
      mode: tangoSignalRw(["kleiner", "größer"], at("mode")),
      broken: tangoSignalR(Number, at("broken")),
    });
    const { calls, warmth, mode, broken } = devices;
    const before = await calls.getValue();
    const failed = failureText(() => broken.getValue());
    const [during, degrees] = await Promise.all([calls.getValue(), warmth.getValue(), mode.getValue(), failed]);
    expect([during - before, degrees]).to.deep.equal([1, 21.5]);
    expect(await failed).to.equal("cannot read lab/slow/1/broken: the sensor is not plugged in (LAB_NoSensor)");
    const missing = failureText(() => tangoSignalR(Number, at("missing")).connect());
    const present = tangoSignalR(Number, at("warmth"));
    await present.connect();
    expect(await missing).to.contain("API_AttrNotFound");
    await present.dispose();
    await disposeDevices(devices);
  });

  it("can be set and commanded while it is busy with another call for longer than 3 s", async () => {
    const devices = await initDevices({
      slow: tangoSignalR(Number, at("slow")),
      mode: tangoSignalRw(["kleiner", "größer"], at("mode")),
      sleep: tangoCommand(at("Sleep"), { argument: Number }),
    });
    const { slow, mode, sleep } = devices;
    const read = slow.getValue();
    await Promise.all([mode.set("größer"), sleep.execute(0)]);
    expect([await read, await mode.getValue()]).to.deep.equal([4, "größer"]);
    await disposeDevices(devices);
  }).timeout(30_000);

  it("sends its unit and its choices in UTF-8 or in ISO 8859-1", async () => {
    const devices = await initDevices({
      warmth: tangoSignalR(Number, at("warmth")),
      mode: tangoSignalRw(["kleiner", "größer"], at("mode")),
    });
    expect((await devices.warmth.describe()).warmth?.units).to.equal("°C");
    await devices.mode.set("größer");
    expect(await devices.mode.getValue()).to.equal("größer");
    await disposeDevices(devices);
  });

  it("names the nearest attribute or command if it does not have the one that is asked for", async () => {
    expect(await failureText(() => tangoSignalR(Number, at("warmht")).connect())).to.contain("did you mean warmth?");
    expect(await failureText(() => tangoCommand(at("Slep")).connect())).to.contain("did you mean Sleep?");
    const { device } = await initDevices({ device: new TangoDevice(server.trl("lab/slow/1")) });
    expect(() => device.commands.get("Slep")).to.throw('has no command "Slep": did you mean Sleep?');
    expect(() => device.attributes.get("warmht")).to.throw('has no attribute "warmht": did you mean warmth?');
    await device.dispose();
  });

  it("is reached over IPv6", async () => {
    // A PyTango server without a database does not start on an IPv6 address, so that a relay stands before it.
    const relay = createServer((socket) => {
      const inner = connect(server.port, "127.0.0.1");
      socket.pipe(inner).pipe(socket);
      for (const one of [socket, inner]) one.on("error", () => {});
    });
    relay.listen(0, "::1");
    await once(relay, "listening");
    const { port } = relay.address() as AddressInfo;
    const devices = await initDevices({
      warmth: tangoSignalR(Number, `tango://[::1]:${port}/lab/slow/1/warmth#dbase=no`),
    });
    expect(await devices.warmth.getValue()).to.equal(21.5);
    await disposeDevices(devices);
    relay.close();
  });

  it("refuses a second set while it moves, which does not make the first one fail", async () => {
    const devices = await initDevices({ axis: new TangoMovable(server.trl("lab/slow/1")) });
    const { axis } = devices;
    const first = axis.set(3);
    await new Promise<void>((begun) => first.watch(({ current }) => current > 0.1 && begun()));
    const second = failureText(() => axis.set(1));
    expect(await second).to.contain("it moves (LAB_Moving)");
    await first;
    expect((await axis.locate()).readback).to.equal(3);
    await disposeDevices(devices);
  });
});
