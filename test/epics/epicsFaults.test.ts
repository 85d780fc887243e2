/** Signals of PVs without value or rights, with unusual limits or labels, or that change, at an IOC. */

import { expect } from "chai";
import { $display } from "../../lib/display/mimeBundle";
import {
  disposeDevices,
  epicsSignalR,
  epicsSignalRw,
  initDevices,
  type Reading,
  type SignalR,
  type SignalRW,
} from "../../lib/index";
import { type Ioc, startIoc } from "../peers/epics";
import { failure, failureText } from "../support/failure";
import { withConnected } from "../support/withConnected";

/** The first reading for which `wanted` is true. The signal stays subscribed. */
function heard<T>(signal: SignalR<T>, wanted: (reading: Reading<T>) => boolean): Promise<Reading<T>> {
  return new Promise((resolve) =>
    signal.subscribe((readings) => {
      const reading = readings[signal.name];
      if (reading && wanted(reading)) resolve(reading);
    }),
  );
}

describe("signals of unusual EPICS records (EPICS base over Channel Access)", () => {
  let ioc: Ioc;
  before(async () => {
    ioc = await startIoc("faults", { qsrv: true });
  });
  after(() => ioc.stop());

  const keyOf = async (signal: SignalR) => {
    let found: unknown;
    await withConnected(signal, async (it) => {
      found = (await it.describe()).it;
    });
    return found;
  };

  it('read a PV without elements as "", as NaN, or as an error', async () => {
    const read = (pv: string, expected: unknown) =>
      withConnected(epicsSignalR(null, `LAB:${pv}`), async (it) =>
        expect(await it.getValue(), pv).to.deep.equal(expected),
      );
    for (const pv of ["LSI", "LSO", "ONETEXT"]) await read(pv, "");
    await read("ONE", Number.NaN);
    await read("ENUMS", new Uint16Array());
    await read("TEXTS", []);
    for (const pv of ["ONELONG", "ONECHAR", "ONEENUM"]) {
      await withConnected(epicsSignalR(null, `LAB:${pv}`), async (it) => {
        expect(await failureText(() => it.getValue())).to.equal(
          `LAB:${pv} has no value at present: it holds 0 elements`,
        );
        expect(await heard(it, () => true)).to.deep.include({ alarm_severity: -1 });
      });
    }
  });

  it("hold long texts under names that end in $, and half a character of a text that was cut is left out", async () => {
    const devices = await initDevices({
      long: epicsSignalRw(null, "LAB:LSO.VAL$"),
      short: epicsSignalRw(null, "LAB:LSO"),
      overPva: epicsSignalR(null, "pva://LAB:LSO.VAL$"),
    });
    const { long, short, overPva } = devices;
    await long.set("é".repeat(40));
    expect([await long.getValue(), await overPva.getValue()]).to.deep.equal(["é".repeat(40), "é".repeat(40)]);
    expect(await short.getValue()).to.equal("é".repeat(19));
    expect(await failureText(() => short.set("x".repeat(40)))).to.contain(
      "it has room for 39 bytes, longer texts need LAB:LSO.VAL$ where the record holds them",
    );
    expect((await long.describe())["long"]?.dtype).to.equal("string");
    await disposeDevices(devices);
  });

  it("describe the units, limits and choices that the record has now", async () => {
    const devices = await initDevices({
      it: epicsSignalRw(Number, "LAB:META"),
      units: epicsSignalRw(String, "LAB:META.EGU"),
      high: epicsSignalRw(Number, "LAB:META.DRVH"),
      labels: epicsSignalRw(null, "LAB:LABELS"),
      typed: epicsSignalRw(["idle", "busy"], "LAB:LABELS"),
      first: epicsSignalRw(String, "LAB:LABELS.ZRST"),
    });
    const { it, units, high, labels, typed, first } = devices;
    await units.set("mK");
    await high.set(50);
    expect((await it.describe()).it).to.deep.include({ units: "mK", precision: 2 });
    expect((await it.describe()).it?.limits).to.deep.equal({ control: { low: -5, high: 50 } });
    await first.set("resting");
    expect((await labels.describe()).labels?.choices).to.deep.equal(["resting", "busy"]);
    await labels.set("resting");
    expect(await labels.getValue()).to.equal("resting");
    expect(await failureText(() => typed.describe())).to.equal(
      'LAB:LABELS holds one of ["resting", "busy"]: use that list',
    );
    await disposeDevices(devices);
  });

  it("report a renamed choice to their subscribers", async () => {
    const devices = await initDevices({
      labels: epicsSignalRw(null, "LAB:LABELS"),
      second: epicsSignalRw(String, "LAB:LABELS.ONST"),
    });
    await devices.labels.set("busy");
    await heard(devices.labels, ({ value }) => value === "busy");
    await devices.second.set("working");
    await heard(devices.labels, ({ value }) => value === "working");
    await disposeDevices(devices);
  });

  it("say that the right to read was lost, and continue when it is given again", async () => {
    const devices = await initDevices({
      guarded: epicsSignalR(Number, "LAB:GUARDED"),
      allow: epicsSignalRw(Number, "LAB:ALLOW"),
    });
    const { guarded, allow } = devices;
    await heard(guarded, ({ value }) => value === 4);
    await allow.set(0);
    const lost = await heard(guarded, ({ alarm_severity }) => alarm_severity === -1);
    expect(lost).to.deep.include({ value: 4, message: "cannot read LAB:GUARDED: you have no read access" });
    const words = "cannot read LAB:GUARDED: you have no read access";
    expect(await failureText(() => guarded.getValue())).to.equal(words);
    expect(await failureText(() => guarded.getValue({ cached: false }))).to.equal(words);
    // The server answers, so that a plan need not wait for it.
    await guarded.pingConnection();
    await allow.set(1);
    await heard(guarded, ({ value, alarm_severity }) => value === 4 && alarm_severity === undefined);
    expect(await guarded.getValue()).to.equal(4);
    await disposeDevices(devices);
  });

  it("keep their connection if they are set in the turn in which another set is given up", async () => {
    const devices = await initDevices({
      stays: epicsSignalRw(Number, "LAB:STAYS"),
      quick: epicsSignalRw(Number, "LAB:STAYS", undefined, { wait: false }),
      other: epicsSignalR(Number, "LAB:OTHER"),
    });
    const { stays, quick, other } = devices;
    const lost: unknown[] = [];
    const readings = other.value$.subscribe(({ alarm_severity, message }) => {
      if (alarm_severity === -1) lost.push(message);
    });
    const giveUp = new AbortController();
    const first = failureText(() => stays.set(101, { signal: giveUp.signal }));
    // The record has the value, and is not done with it.
    while ((await quick.getValue({ cached: false })) !== 101);
    giveUp.abort();
    const [, value] = await Promise.all([quick.set(5), stays.getValue({ cached: false }), quick.getValue()]);
    expect(value).to.equal(5);
    expect(await first).to.contain("gave up waiting for LAB:STAYS to be set");
    expect(await other.getValue({ cached: false })).to.equal(7);
    readings.unsubscribe();
    expect(lost).to.deep.equal([]);
    await disposeDevices(devices);
  });

  it("can be set again, and do not block their IOC, after a set was given up or while another one waits", async () => {
    const devices = await initDevices({
      hangs: epicsSignalRw(Number, "LAB:HANGS"),
      other: epicsSignalRw(Number, "LAB:OTHER"),
    });
    const { hangs, other } = devices;
    const heardBefore = heard(hangs, ({ value }) => value === 200);
    expect(await failureText(() => hangs.set(200, { timeout: 0.1 }))).to.contain("gave up waiting for LAB:HANGS");
    await heardBefore;
    const second = failureText(() => hangs.set(201, { timeout: 0.3 }));
    const third = failureText(() => hangs.set(202, { timeout: 0.3 }));
    await other.set(8, { timeout: 5 });
    expect(await other.getValue()).to.equal(8);
    expect(await second).to.contain("gave up waiting");
    expect(await third).to.contain("gave up waiting");
    await other.set(9, { timeout: 5 });
    expect([await hangs.getValue(), await other.getValue()]).to.deep.equal([200, 9]);
    await disposeDevices(devices);
  });

  it("describe limits of which one side is set, and no precision that nobody set", async () => {
    expect(await keyOf(epicsSignalR(Number, "LAB:HIHI"))).to.have.deep.property("limits", {
      alarm: { low: null, high: 9 },
    });
    expect(await keyOf(epicsSignalR(Number, "LAB:LOW"))).to.have.deep.property("limits", {
      warning: { low: 3, high: null },
    });
    expect(await keyOf(epicsSignalR(Number, "LAB:LOLON"))).to.have.deep.property("limits", {
      alarm: { low: 5, high: null },
    });
    expect(await keyOf(epicsSignalR(Number, "LAB:PREC0"))).to.deep.include({ units: "K" });
    expect(await keyOf(epicsSignalR(Number, "LAB:PREC0"))).not.to.have.property("precision");
  });

  it("name states whose labels are equal or empty by their numbers", async () => {
    const states = async (pv: string, work: (it: SignalRW<unknown>) => Promise<void>) =>
      await withConnected(epicsSignalRw(null, pv), work);
    await states("LAB:EMPTY", async (it) => {
      expect(await failureText(() => it.set(""))).to.equal('cannot set LAB:EMPTY to "": use "a", "1", "c"');
      expect(await it.getValue()).to.equal("c");
      await it.set("1");
      expect(await it.getValue()).to.equal("1");
      await it.set(0);
      expect(await it.getValue()).to.equal("a");
    });
    await states("LAB:EQUAL", async (it) => {
      expect(await failureText(() => it.set("open"))).to.equal('cannot set LAB:EQUAL to open: use "0", "1", "closed"');
      await it.set("1");
      expect(await it.getValue()).to.equal("1");
    });
    await withConnected(epicsSignalRw(Boolean, "LAB:NAMELESS"), async (it) => {
      await it.set(false);
      expect(await it.getValue()).to.equal(false);
    });
  });

  it("read the number of an enum and the text of any PV on request", async () => {
    await withConnected(epicsSignalRw(Number, "LAB:EQUAL"), async (it) => {
      await it.set(2);
      expect([await it.getValue(), (await it.describe()).it?.dtype]).to.deep.equal([2, "integer"]);
      expect(await failureText(() => it.set(3))).to.contain("use a whole number from 0 to 2");
    });
    await withConnected(epicsSignalRw(String, "LAB:META", "LAB:META", { text: true }), async (it) => {
      await it.set("1.5");
      expect(await it.getValue()).to.equal("1.50");
      expect(await heard(it, () => true)).to.deep.include({ value: "1.50" });
      expect((await it.describe()).it?.dtype).to.equal("string");
    });
    await withConnected(epicsSignalRw(Array, "LAB:NUMBERS", "LAB:NUMBERS", { text: true }), async (it) => {
      await it.set(["1.5", "2"]);
      expect(await it.getValue()).to.deep.equal(["1.5", "2.0"]);
    });
  });

  it("find PVs through EPICS_CA_NAME_SERVERS", async () => {
    const { EPICS_CA_ADDR_LIST } = process.env;
    process.env.EPICS_CA_ADDR_LIST = "";
    process.env.EPICS_CA_NAME_SERVERS = `127.0.0.1:${ioc.port}`;
    try {
      await withConnected(epicsSignalR(Number, "LAB:OTHER"), async (it) => expect(await it.getValue()).to.equal(9));
    } finally {
      process.env.EPICS_CA_ADDR_LIST = EPICS_CA_ADDR_LIST;
      delete process.env.EPICS_CA_NAME_SERVERS;
    }
  });

  it("say that Channel Access has no IPv6, and use the other addresses", async () => {
    const { EPICS_CA_ADDR_LIST } = process.env;
    const { error } = console;
    const reported: string[] = [];
    try {
      process.env.EPICS_CA_ADDR_LIST = `[::1]:${ioc.port} 127.0.0.1:${ioc.port}`;
      console.error = (text: string) => reported.push(text);
      await withConnected(epicsSignalR(Number, "ca://LAB:HIHI"), async (signal) => {
        expect(await signal.getValue()).to.be.a("number");
      });
      expect(reported).to.deep.equal([
        "Channel Access cannot use [::1], which EPICS_CA_ADDR_LIST names: " +
          "it has no IPv6: give the IPv4 address, or use pvAccess (pva://NAME, EPICS_PVA_ADDR_LIST)",
      ]);
    } finally {
      console.error = error;
      process.env.EPICS_CA_ADDR_LIST = EPICS_CA_ADDR_LIST;
    }
  });

  it("report that two servers have their PV", async () => {
    const { EPICS_CA_ADDR_LIST } = process.env;
    const second = await startIoc("faults");
    const { error } = console;
    try {
      process.env.EPICS_CA_ADDR_LIST = `127.0.0.1:${ioc.port} 127.0.0.1:${second.port}`;
      const reported = new Promise<string>((resolve) => {
        console.error = resolve;
      });
      await withConnected(epicsSignalR(Number, "LAB:OTHER"), async () => {
        const text = await reported;
        expect(text).to.contain("several EPICS servers have LAB:OTHER");
        expect(text).to.contain(`127.0.0.1:${ioc.port}`).and.to.contain(`127.0.0.1:${second.port}`);
      });
    } finally {
      console.error = error;
      process.env.EPICS_CA_ADDR_LIST = EPICS_CA_ADDR_LIST;
      await second.stop();
    }
  });

  it("say in their display that they are not connected, and reject when they are read", async () => {
    const signal = epicsSignalR(Number, "LAB:OTHER");
    signal.setName("other");
    const bundle = await signal[$display]();
    expect(bundle["text/plain"]).to.contain("LAB:OTHER is not connected: connect its device first");
    const reads = [signal.read(), signal.describe()].map((work) => failure(Promise.resolve(work)));
    for (const { message } of await Promise.all(reads))
      expect(message).to.equal("LAB:OTHER is not connected: connect its device first");
  });
});
