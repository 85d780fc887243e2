/** Tests of signals that follow the events of a Tango device, against a PyTango server. */

import { expect } from "chai";
import {
  disposeDevices,
  initDevices,
  type Reading,
  type SignalR,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
} from "../../lib/index";
import { startTangoFaults, type TangoServer } from "../peers/tango";

/** Subscribes, and resolves once `wanted` accepts the readings that came so far. */
function heard(signal: SignalR, wanted: (readings: readonly Reading[]) => boolean): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  return new Promise((resolve) =>
    signal.subscribe((named) => {
      const reading = named[signal.name];
      if (reading) readings.push(reading);
      if (wanted(readings)) resolve(readings);
    }),
  );
}

describe("events of a Tango device (PyTango over ZeroMQ)", () => {
  let server: TangoServer;
  before(async () => {
    server = await startTangoFaults();
  });
  after(() => server.stop());
  const at = (name: string) => server.trl(`lab/events/1/${name}`);

  /** The readings of a signal after five values were pushed 20 ms apart. */
  async function burst(signal: SignalR): Promise<readonly unknown[]> {
    const devices = await initDevices({ signal, go: tangoCommand(at("Burst")) });
    try {
      await heard(signal, (readings) => readings.length === 1);
      const values = heard(signal, (readings) => readings.length >= 6);
      await devices.go.execute();
      return (await values).slice(-5).map(({ value }) => value);
    } finally {
      await disposeDevices(devices);
    }
  }

  const five = [1, 2, 3, 4, 5];

  it("bring each of five values that were pushed 20 ms apart", async () => {
    expect(await burst(tangoSignalR(Number, at("changed")))).to.deep.equal(five);
    expect(await burst(tangoSignalR(Number, at("archived"), { events: "archive" }))).to.deep.equal(five);
    // These events say that there is a new value, which is read when the command has ended.
    expect(await burst(tangoSignalR(Number, at("ready"), { events: "dataReady" }))).to.deep.equal([5, 5, 5, 5, 5]);
    expect(await burst(tangoSignalR(String, at("words")))).to.deep.equal(five.map((n) => `é${n}`));
    expect(await burst(tangoSignalR(Float64Array, at("numbers")))).to.deep.equal(
      five.map((n) => new Float64Array(n).fill(1)),
    );
  });

  it("bring the values of a periodic event, and the error that the device pushes in the place of a value", async () => {
    const devices = await initDevices({
      periodic: tangoSignalR(Number, at("periodic"), { events: "periodic" }),
      changed: tangoSignalRw(Number, at("changed")),
      fail: tangoCommand(at("Break")),
    });
    const counted = await heard(devices.periodic, (readings) => readings.length >= 3);
    expect(counted.every(({ value }) => typeof value === "number")).to.equal(true);
    const broken = heard(devices.changed, (readings) => readings.some(({ alarm_severity }) => alarm_severity === -1));
    await heard(devices.changed, (readings) => readings.length >= 1);
    await devices.fail.execute();
    expect((await broken).at(-1)?.message).to.equal(
      "cannot read lab/events/1/changed: the sensor is not plugged in (LAB_NoSensor)",
    );
    await disposeDevices(devices);
  });

  it("are replaced by polling, which is reported, if the device does not send those that are asked for", async () => {
    const { error } = console;
    const devices = await initDevices({
      silent: tangoSignalR(Number, at("silent"), { events: "change", polling: { period: 0.05 } }),
    });
    try {
      const reported = new Promise<string>((resolve) => {
        console.error = resolve;
      });
      const readings = await heard(devices.silent, ({ length }) => length >= 3);
      expect(await reported).to.match(
        /^lab\/events\/1\/silent is polled every 0\.05 s: lab\/events\/1\/silent sends no change events: /,
      );
      expect(new Set(readings.map(({ value }) => value)).size).to.equal(3);
    } finally {
      console.error = error;
      await disposeDevices(devices);
    }
  });

  it("go on after the server was restarted", async () => {
    const own = await startTangoFaults();
    const devices = await initDevices({ it: tangoSignalRw(Number, own.trl("lab/events/1/changed")) });
    try {
      const lost = heard(devices.it, (readings) => readings.some(({ alarm_severity }) => alarm_severity === -1));
      await heard(devices.it, (readings) => readings.length >= 1);
      await own.stop();
      await lost;
      const again = await startTangoFaults({ port: own.port });
      await heard(devices.it, (readings) => readings.at(-1)?.value === 0);
      const pushed = heard(devices.it, (readings) => readings.at(-1)?.value === 7);
      await devices.it.set(7);
      await pushed;
      await again.stop();
    } finally {
      await disposeDevices(devices);
      await own.stop();
    }
  });
});
