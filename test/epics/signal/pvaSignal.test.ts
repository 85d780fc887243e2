/** Tests of signals over pvAccess, against servers of p4p (pvxs) and of EPICS base (softioc with QSRV). */

import { expect } from "chai";
import { filter } from "rxjs";
import {
  count,
  disposeDevices,
  EpicsImage,
  epicsSignalR,
  epicsSignalRw,
  epicsSignalW,
  epicsSignalX,
  initDevices,
  makeRunEngine,
  observeValue,
  pvaCall,
  type Readings,
  type SignalR,
  type SignalRW,
  StandardReadable,
} from "../../../lib/index";
import { type Ioc, startIoc } from "../../peers/epics";
import { failureText } from "../../support/failure";
import { hearsAgain } from "../../support/hearsAgain";
import { first } from "../../support/wait";
import { withConnected } from "../../support/withConnected";

describe("signals over pvAccess (p4p)", function () {
  this.timeout(30_000);
  let ioc: Ioc;
  before(async () => {
    ioc = await startIoc("pva");
  });
  after(() => ioc.stop());

  it("read and set numbers of all types, booleans and strings", async () => {
    const cases = [
      [Number, "INT8", -5, 7],
      [Number, "UINT8", 200, 255],
      [Number, "INT16", -300, 32_767],
      [Number, "UINT16", 60_000, 65_535],
      [Number, "INT32", -70_000, 5],
      [Number, "UINT32", 4_000_000_000, 4_294_967_295],
      [Number, "INT64", -(2 ** 40), 2 ** 53 - 1],
      [BigInt, "UINT64", 2n ** 63n, 2n ** 64n - 1n],
      [Number, "FLOAT", 0.5, 0.25],
      [Number, "DOUBLE", 1.25, -1e300],
      [Boolean, "BOOL", true, false],
      [String, "TEXT", "größer", "kleiner °C"],
    ] as const;
    for (const [datatype, name, before, next] of cases)
      await withConnected(epicsSignalRw(datatype, `pva://PVA:${name}`) as SignalRW, async (signal) => {
        expect(await signal.getValue()).to.equal(before);
        await signal.set(next);
        expect(await signal.getValue()).to.equal(next);
      });
  });

  it("read and set arrays of all types", async () => {
    const cases = [
      ["INT8S", Int8Array.of(-5, 1), Int8Array.of(9)],
      ["UINT8S", Uint8Array.of(200, 1), Uint8Array.of(9)],
      ["INT16S", Int16Array.of(-300, 1), Int16Array.of(9)],
      ["UINT16S", Uint16Array.of(60_000, 1), Uint16Array.of()],
      ["INT32S", Int32Array.of(-70_000, 1), Int32Array.of(9)],
      ["UINT32S", Uint32Array.of(4_000_000_000, 1), Uint32Array.of(9)],
      ["INT64S", BigInt64Array.of(-(2n ** 40n), 1n), BigInt64Array.of(-1n)],
      ["UINT64S", BigUint64Array.of(2n ** 63n, 1n), BigUint64Array.of(9n)],
      ["FLOATS", Float32Array.of(0.5, 1), Float32Array.of(9)],
      ["DOUBLES", Float64Array.of(1.25, 1), new Float64Array(100_000).fill(1.5)],
      ["TEXTS", ["one", "two"], ["ä"]],
      ["BOOLS", [true, true], [false, true, false]],
    ] as const;
    for (const [name, before, next] of cases)
      await withConnected(epicsSignalRw(null, `pva://PVA:${name}`), async (signal) => {
        expect(await signal.getValue()).to.deep.equal(before);
        await signal.set(next);
        expect(await signal.getValue()).to.deep.equal(next);
      });
  });

  it("read a value that was never set as 0 or empty, as other clients do", async () => {
    const cases = [
      [Number, "UNSET", 0],
      [BigInt, "UNSETLONG", 0n],
      [Float64Array, "UNSETS", new Float64Array()],
    ] as const;
    for (const [datatype, name, expected] of cases)
      await withConnected(epicsSignalR(datatype, `pva://PVA:${name}`) as SignalR, async (signal) => {
        expect(await signal.getValue(), name).to.deep.equal(expected);
        const heard = await new Promise<unknown>((resolve) =>
          signal.subscribe((readings) => resolve(readings.it?.value)),
        );
        expect(heard, name).to.deep.equal(expected);
      });
  });

  it("read the text of a number whose precision is negative", () =>
    withConnected(epicsSignalR(String, "pva://PVA:PRECISION", { text: true }), async (signal) =>
      expect(await signal.getValue()).to.equal("2"),
    ));

  it("have the time, alarm, units, precision and limits of the PV", () =>
    withConnected(epicsSignalRw(Number, "pva://PVA:T"), async (signal) => {
      expect(signal.units).to.equal("K");
      expect((await signal.read()).it).to.deep.equal({
        value: 21.5,
        timestamp: 1_700_000_000.25,
        alarm_severity: 1,
        message: "PVA:T is in alarm: HIGH",
      });
      expect((await signal.describe()).it).to.deep.equal({
        source: "pva://PVA:T",
        dtype: "number",
        dtype_numpy: "<f8",
        shape: [],
        units: "K",
        precision: 2,
        limits: {
          control: { low: 1, high: 325 },
          display: { low: 0, high: 400 },
          warning: { low: 5, high: 300 },
          alarm: { low: 2, high: 310 },
        },
      });
    }));

  it("read and set enums by their labels, their numbers and as text", async () => {
    await withConnected(epicsSignalRw(["idle", "slow", "fast"], "pva://PVA:MODE"), async (mode) => {
      expect(await mode.getValue()).to.equal("slow");
      await mode.set("fast");
      expect((await mode.describe()).it).to.deep.include({ dtype: "string", choices: ["idle", "slow", "fast"] });
      expect(await failureText(mode.set("never" as "fast"))).to.contain('use "idle", "slow", "fast"');
    });
    await withConnected(epicsSignalRw(Number, "pva://PVA:MODE"), async (mode) => {
      expect(await mode.getValue()).to.equal(2);
      await mode.set(1);
      expect(await mode.getValue()).to.equal(1);
    });
    await withConnected(epicsSignalR(String, "pva://PVA:MODE", { text: true }), async (mode) => {
      expect(await mode.getValue()).to.equal("slow");
    });
    await withConnected(epicsSignalR(String, "pva://PVA:T", { text: true }), async (text) => {
      expect(await text.getValue()).to.equal("21.50");
    });
  });

  it("read and set tables, whose columns are recorded under keys of their own", async () => {
    await withConnected(epicsSignalRw(Object, "pva://PVA:TABLE"), async (table) => {
      expect(await table.getValue()).to.deep.equal({ x: Float64Array.of(1.5, 2.5), name: ["a", "b"] });
      await table.set({ x: [3, 4, 5], name: ["c", "d", "e"] });
      expect(await table.getValue()).to.deep.equal({ x: Float64Array.of(3, 4, 5), name: ["c", "d", "e"] });
      expect(await failureText(table.set({ x: [1], name: [] }))).to.contain("use columns of the same length");
      expect(await failureText(table.set({ x: [1] }))).to.contain("use an object with the columns x, name");
    });
    const table = epicsSignalR(Object, "pva://PVA:TABLE");
    const device = new (class extends StandardReadable {
      readonly table = table;
      constructor() {
        super();
        this.addReadables([table]);
        this.setFormat(table, "hinted", { flatten: true });
      }
    })();
    await initDevices({ device });
    const keys = await device.describe();
    expect(Object.keys(keys)).to.deep.equal(["device-table-x", "device-table-name"]);
    expect(keys["device-table-x"]).to.deep.include({ dtype: "array", dtype_numpy: "<f8", shape: [null] });
    expect((await device.read())["device-table-name"]?.value).to.deep.equal(["c", "d", "e"]);
    const run = await makeRunEngine({ notify: () => {} })(count([device], 2));
    expect(run.exitStatus).to.equal("success");
    await disposeDevices({ device });
  });

  it("read and set images in the order of numpy", () =>
    withConnected(epicsSignalRw(EpicsImage, "pva://PVA:IMAGE"), async (image) => {
      const { shape, data } = await image.getValue();
      expect(shape).to.deep.equal([3, 4]);
      expect(data).to.deep.equal(Uint16Array.from({ length: 12 }, (_, i) => i));
      expect((await image.describe()).it).to.deep.include({ dtype: "array", shape: [null, null], dtype_numpy: "<u2" });
      await image.set(new EpicsImage([2, 1], Float32Array.of(0.5, 1.5)));
      const { shape: next, data: numbers } = await image.getValue();
      expect([next, numbers]).to.deep.equal([[2, 1], Float32Array.of(0.5, 1.5)]);
      expect(await failureText(image.set(new EpicsImage([2, 2], Uint8Array.of(1))))).to.contain("as many numbers");
    }));

  it("say that an image is compressed, and how to read it", async () => {
    await withConnected(epicsSignalR(EpicsImage, "pva://PVA:SQUEEZED"), async (image) =>
      expect(await failureText(Promise.resolve(image.getValue()))).to.equal(
        "cannot read PVA:SQUEEZED: its images are compressed (lz4): switch the compression off",
      ),
    );
  });

  it("read an image of 15 MB", () =>
    withConnected(epicsSignalR(EpicsImage, "pva://PVA:BIG"), async (image) => {
      const { shape, data } = await image.getValue();
      expect(shape).to.deep.equal([2500, 3000]);
      expect([data.length, data[65_537], data[7_499_999]]).to.deep.equal([7_500_000, 1, 7_499_999 % 65_536]);
    }));

  it("read and set structures of any type", () =>
    withConnected(epicsSignalRw(null, "pva://PVA:ODD"), async (odd) => {
      const first = { count: 3, inner: { x: 1.5, label: "in" }, list: [{ x: 1, label: "l" }], any: 7, choice: "text" };
      expect(await odd.getValue()).to.deep.equal(first);
      await odd.set({ inner: { x: 4 }, choice: 12, any: "now text" });
      expect(await odd.getValue()).to.deep.include({ count: 3, inner: { x: 4, label: "in" }, any: "now text" });
      expect(await failureText(odd.set({ nothing: 1 }))).to.equal(
        "cannot set PVA:ODD: its structure has no field nothing",
      );
    }));

  it("resolve a set when the server has answered, and reject with its words", async () => {
    await withConnected(epicsSignalRw(Number, "pva://PVA:SLOW"), async (slow) => {
      await slow.set(4);
      expect(await slow.getValue()).to.equal(4);
    });
    await withConnected(epicsSignalRw(Number, "pva://PVA:LOCKED"), async (locked) => {
      expect(await failureText(locked.set(2))).to.contain("cannot set PVA:LOCKED: the interlock is open");
      expect(await locked.getValue()).to.equal(1);
    });
  });

  it("give up a set by its timeout, and can be set afterwards", () =>
    withConnected(epicsSignalRw(Number, "pva://PVA:SLOW"), async (slow) => {
      expect(await failureText(slow.set(5, { timeout: 0.1 }))).to.contain("gave up waiting for PVA:SLOW to be set");
      await slow.set(6);
      expect(await slow.getValue()).to.equal(6);
    }));

  it("write a fixed value when triggered, and write only", async () => {
    const x = epicsSignalX("pva://PVA:INT32", 42);
    const w = epicsSignalW(Number, "pva://PVA:DOUBLE");
    await initDevices({ x, w });
    await Promise.all([x.trigger(), w.set(2.5)]);
    await disposeDevices({ x, w });
    await withConnected(epicsSignalR(Number, "pva://PVA:INT32"), async (n) => expect(await n.getValue()).to.equal(42));
    await withConnected(epicsSignalR(Number, "pva://PVA:DOUBLE"), async (n) =>
      expect(await n.getValue()).to.equal(2.5),
    );
  });

  it("refuse values that the PV cannot hold, before they are sent", async () => {
    const refused = async (datatype: NumberConstructor, name: string, value: unknown) => {
      let text = "";
      await withConnected(epicsSignalRw(datatype, `pva://PVA:${name}`), async (signal) => {
        text = await failureText(signal.set(value as number));
      });
      return text;
    };
    expect(await refused(Number, "INT8", 128)).to.contain("use a whole number from -128 to 127");
    expect(await refused(Number, "UINT64", -1)).to.contain("use a whole number from 0 to 18446744073709551615");
    expect(await refused(Number, "DOUBLE", "1")).to.contain("use a number");
  });

  it("do not connect if the type is another one, or no server has the PV", async () => {
    expect(await failureText(epicsSignalR(String, "pva://PVA:DOUBLE").connect())).to.equal(
      "PVA:DOUBLE holds a number (double): use Number",
    );
    expect(await failureText(epicsSignalR(Number, "pva://NOWHERE").connect({ timeout: 0.3 }))).to.equal(
      "no EPICS server answered for NOWHERE within 0.3 s: check the name, that its IOC runs, and EPICS_PVA_ADDR_LIST",
    );
  });

  it("report updates to subscribers, the last one even if they come faster than they are taken", () =>
    withConnected(epicsSignalR(Number, "pva://PVA:TICKS"), async (ticks) => {
      const seen: number[] = [];
      ticks.subscribe(({ it: reading }) => seen.push(reading?.value ?? Number.NaN));
      await withConnected(epicsSignalRw(Number, "pva://PVA:BUMP"), (bump) => bump.set(5000));
      await first(ticks.value$.pipe(filter(({ value }) => value === 5000)));
      expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
      expect(seen.length).to.be.greaterThan(16);
    }));

  it("report more updates by a pipeline than the server may send ahead", () =>
    withConnected(epicsSignalR(Number, "pva://PVA:TICKS", { pipeline: 4 }), async (ticks) => {
      const seen: number[] = [];
      ticks.subscribe(({ it: reading }) => seen.push(reading?.value ?? Number.NaN));
      await withConnected(epicsSignalRw(Number, "pva://PVA:BUMP"), async (bump) => {
        for (let i = 1; i <= 20; i++) {
          await bump.set(1);
          await first(ticks.value$.pipe(filter(() => seen.length > i)));
        }
      });
      expect(seen.slice(1)).to.deep.equal(new Array(20).fill(1));
    }));

  it("read their value as it is after the call, in many reads at once", () =>
    withConnected(epicsSignalRw(Number, "pva://PVA:INT16"), async (n) => {
      for (let i = 0; i < 20; i++) {
        const early = n.getValue();
        await n.set(i);
        const values = await Promise.all([n.getValue(), n.getValue(), n.getValue()]);
        expect(values).to.deep.equal([i, i, i]);
        await early;
      }
    }));

  it("report to their subscribers again when they are connected again after dispose", () =>
    hearsAgain(epicsSignalR(Number, "pva://PVA:T")));

  it("report that the server is gone, and reconnect automatically", async () => {
    await withConnected(epicsSignalRw(Number, "pva://PVA:INT32"), async (n) => {
      const reading = (words: string) =>
        first(n.value$.pipe(filter(({ message, value }) => (message ?? `${value}`).startsWith(words))));
      await n.set(11);
      await reading("11");
      const gone = reading("PVA:INT32 is disconnected: ");
      const { port, pvaPort } = ioc;
      await ioc.stop();
      await gone;
      expect(n.lostConnection()?.place).to.equal("PVA:INT32");
      expect(await failureText(Promise.resolve(n.getValue({ cached: false })))).to.contain(
        "PVA:INT32 is not connected",
      );
      ioc = await startIoc("pva", { port, pvaPort });
      await n.lostConnection()?.restored;
      expect(await n.getValue({ cached: false })).to.equal(-70_000);
      await reading("-70000");
    });
  });

  it("are configured anew after the server was restarted with other PVs, also before the next value is set", async () => {
    const own = await startIoc("pva");
    const signals = await initDevices({
      number: epicsSignalRw(Number, "pva://PVA:DOUBLE"),
      mode: epicsSignalRw(["idle", "slow", "fast"], "pva://PVA:MODE"),
      text: epicsSignalRw(String, "pva://PVA:TEXT"),
      anyNumber: epicsSignalRw(null, "pva://PVA:DOUBLE"),
      anyMode: epicsSignalRw(null, "pva://PVA:MODE"),
      anyText: epicsSignalRw(null, "pva://PVA:TEXT"),
    });
    const { number, mode, text, anyNumber, anyMode, anyText } = signals;
    await own.stop();
    const restarted = await startIoc("pva", { ...own, args: ["0", "--changed"] });
    try {
      for await (const value of observeValue(number, { timeout: 20 })) if (value === 7) break;
      const other = 'PVA:MODE holds one of ["idle", "warming", "slow", "fast"]: use that list';
      const number2 = "PVA:TEXT holds a number (double): use Number";
      const another = "has changed its type since it was connected: make a new signal for it";
      const fails: readonly (readonly [string, () => unknown])[] = [
        [other, () => mode.set("slow")],
        [other, () => mode.getValue()],
        [other, () => mode.set("slow")],
        [number2, () => text.set("3")],
        [number2, () => text.getValue()],
        [`PVA:MODE ${another}`, () => anyMode.set("slow")],
        [`PVA:MODE ${another}`, () => anyMode.getValue()],
        [`PVA:TEXT ${another}`, () => anyText.set("3")],
      ];
      for (const [reason, use] of fails) expect(await failureText(use)).to.equal(reason);
      await anyNumber.set(8);
      expect(await number.getValue()).to.equal(8);
      expect((await anyNumber.describe()).anyNumber?.dtype).to.equal("integer");
      expect(await failureText(() => number.set(8.5))).to.contain("use a whole number");
      await anyMode.dispose();
      await anyMode.connect();
      expect(await anyMode.getValue(), "a new connection").to.equal("warming");
    } finally {
      await disposeDevices(signals);
      await restarted.stop();
      ioc.use();
    }
  });

  it("call functions of a server", async () => {
    expect(await pvaCall("pva://PVA:CALL:add", { lhs: 1.5, rhs: 2 })).to.equal(3.5);
    expect(await failureText(pvaCall("pva://PVA:CALL:fail"))).to.match(
      /^cannot call PVA:CALL:fail: .*the magnet is warm/,
    );
    expect(await failureText(pvaCall("ca://X"))).to.equal(
      "cannot call ca://X: only pvAccess has functions, write pva://X",
    );
  });

  it("find their server by a name server", async () => {
    const { EPICS_PVA_ADDR_LIST } = process.env;
    process.env.EPICS_PVA_ADDR_LIST = "";
    process.env.EPICS_PVA_NAME_SERVERS = `127.0.0.1:${ioc.pvaPort}`;
    try {
      await withConnected(epicsSignalR(Number, "pva://PVA:FLOAT"), async (n) =>
        expect(await n.getValue()).to.be.a("number"),
      );
    } finally {
      process.env.EPICS_PVA_ADDR_LIST = EPICS_PVA_ADDR_LIST;
      delete process.env.EPICS_PVA_NAME_SERVERS;
    }
  });
});

describe("signals of EPICS records over pvAccess (softioc with QSRV)", () => {
  let ioc: Ioc;
  before(async () => {
    ioc = await startIoc("records", { qsrv: true });
  });
  after(() => ioc.stop());

  it("are the same as over Channel Access", async () => {
    for (const name of ["X", "N", "MODE", "S", "WF"]) {
      const ca = epicsSignalR(null, `ca://LAB:${name}`);
      const pva = epicsSignalR(null, `pva://LAB:${name}`);
      await initDevices({ ca, pva });
      expect(await pva.getValue()).to.deep.equal(await ca.getValue());
      const [one, other] = [(await ca.describe()).ca, (await pva.describe()).pva];
      expect([other?.dtype, other?.units, other?.choices]).to.deep.equal([one?.dtype, one?.units, one?.choices]);
      await disposeDevices({ ca, pva });
    }
  });

  it("read, follow and set the records of a group together", async () => {
    await withConnected(epicsSignalRw(null, "pva://LAB:GROUP"), async (group) => {
      type Group = Readonly<Record<string, { readonly value: unknown; readonly display?: { readonly units: string } }>>;
      const { x, n, mode, s, wave } = (await group.getValue()) as Group;
      expect([x?.value, x?.display?.units, n?.value, s?.value]).to.deep.equal([1.5, "mm", 3, "first"]);
      expect(mode?.value).to.deep.include({ index: 1, choices: ["idle", "slow", "fast"] });
      expect(Array.from(wave?.value as Float64Array)).to.deep.equal([1, 2.5, 3]);
      const seen: unknown[] = [];
      const listen = (readings: Readings<unknown>) => {
        const [reading] = Object.values(readings);
        seen.push((reading?.value as Group | undefined)?.x?.value);
      };
      group.subscribe(listen);
      await group.set({ x: { value: 2.25 }, n: { value: 7 } });
      await withConnected(epicsSignalRw(Number, "ca://LAB:X"), async (one) => {
        expect(await one.getValue()).to.equal(2.25);
        while (seen.at(-1) !== 2.25) await new Promise((resolve) => setTimeout(resolve, 20));
        await one.set(1.5);
      });
      await withConnected(epicsSignalRw(Number, "ca://LAB:N"), async (one) => {
        expect(await one.getValue()).to.equal(7);
        await one.set(3);
      });
      group.clearSub(listen);
      expect(await failureText(group.set({ y: { value: 1 } }))).to.contain("y");
    });
  });

  it("reject if their record has kept a part of a text or an array, which its server does not report", async () => {
    const keep = (datatype: Parameters<typeof epicsSignalRw>[0], name: string, value: unknown) =>
      withConnected(epicsSignalRw(datatype, `pva://LAB:${name}`) as SignalRW, async (signal) => {
        await signal.set(value);
      });
    const cut = (part: string) => `was set to ${part} only: its record has no room for more`;
    await keep(String, "S", "x".repeat(39));
    expect(await failureText(keep(String, "S", "x".repeat(40)))).to.equal(`LAB:S ${cut("the first 39 bytes")}`);
    expect(await failureText(keep(String, "S", "ä".repeat(30)))).to.equal(`LAB:S ${cut("the first 39 bytes")}`);
    await keep(Float64Array, "WF", new Float64Array(1000));
    expect(await failureText(keep(Float64Array, "WF", new Float64Array(1001)))).to.equal(
      `LAB:WF ${cut("the first 1000 elements")}`,
    );
    const group = { x: { value: 1 }, s: { value: "y".repeat(50) } };
    expect(await failureText(keep(null, "GROUP", group))).to.equal(
      `LAB:GROUP ${cut("the first 39 bytes of value of s")}`,
    );
    await keep(String, "S", "");
    await keep(Float64Array, "WF", [1, 2.5, 3]);
    await withConnected(epicsSignalRw(String, "pva://LAB:X", undefined, { text: true }), async (x) => {
      await x.set("1.23456789");
      expect(await x.getValue()).to.equal("1.235");
    });
  });

  it("are set when the record has been processed, and at once if they do not wait", async () => {
    await withConnected(epicsSignalRw(Number, "pva://LAB:SLOW"), async (slow) => {
      const started = performance.now();
      await slow.set(1);
      expect(performance.now() - started).to.be.greaterThan(450);
    });
    await withConnected(epicsSignalRw(Number, "pva://LAB:SLOW", undefined, { wait: false }), async (slow) => {
      await slow.set(2);
      expect(await slow.getValue()).to.equal(2);
    });
  });

  it("report alarms as words", () =>
    withConnected(epicsSignalRw(Number, "pva://LAB:X"), async (x) => {
      await x.set(9.5);
      const { it: alarm } = await x.read();
      expect(alarm).to.deep.include({ value: 9.5, alarm_severity: 2, message: "LAB:X is in alarm: HIHI" });
      await x.set(1);
    }));
});
