/** Tests of signals of EPICS PVs, against an IOC of softioc. */

import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { acquireChannel } from "../../../lib/epics/ca/caChannels";
import {
  disposeDevices,
  epicsSignalR,
  epicsSignalRw,
  epicsSignalRwRbv,
  epicsSignalW,
  epicsSignalX,
  initDevices,
  observeValue,
  type SignalR,
  setMockValue,
  subsetEnum,
  supersetEnum,
} from "../../../lib/index";
import { type Ioc, startIoc } from "../../peers/epics";
import { failureText } from "../../support/failure";
import { hearsAgain } from "../../support/hearsAgain";
import { withConnected } from "../../support/withConnected";

describe("signals of EPICS records (EPICS base over Channel Access)", () => {
  let ioc: Ioc;
  before(async () => {
    ioc = await startIoc("records");
  });
  after(() => ioc.stop());

  it("have units, precision and limits of the record", () =>
    withConnected(epicsSignalRw(Number, "LAB:X"), async (x) => {
      expect(x.units).to.equal("mm");
      const { it: key } = await x.describe();
      expect(key).to.deep.include({ source: "ca://LAB:X", dtype: "number", shape: [], units: "mm", precision: 3 });
      expect(key?.limits).to.deep.equal({
        control: { low: -10, high: 10 },
        display: { low: -20, high: 20 },
        warning: { low: null, high: 8 },
        alarm: { low: null, high: 9 },
      });
    }));

  it("read values with the time and the alarm of the record", () =>
    withConnected(epicsSignalRw(Number, "ca://LAB:X"), async (x) => {
      await x.set(8.5);
      const { it: warning } = await x.read();
      expect(warning).to.deep.include({ value: 8.5, alarm_severity: 1, message: "LAB:X is in alarm: HIGH" });
      expect(warning?.timestamp).to.be.closeTo(Date.now() / 1000, 60);
      await x.set(1.25);
      expect((await x.read()).it).to.have.all.keys("value", "timestamp");
    }));

  it("read and set integers, booleans, enums, strings and arrays", async () => {
    await withConnected(epicsSignalRw(Number, "LAB:N"), async (n) => {
      await n.set(-7);
      expect(await n.getValue()).to.equal(-7);
      expect((await n.describe()).it?.dtype).to.equal("integer");
    });
    await withConnected(epicsSignalRw(Boolean, "LAB:ON"), async (on) => {
      await on.set(true);
      expect(await on.getValue()).to.equal(true);
    });
    await withConnected(epicsSignalRw(["idle", "slow", "fast"], "LAB:MODE"), async (mode) => {
      await mode.set("fast");
      const value: "idle" | "slow" | "fast" = await mode.getValue();
      expect(value).to.equal("fast");
    });
    await withConnected(epicsSignalRw(String, "LAB:S"), async (text) => {
      await text.set("größer");
      expect(await text.getValue()).to.equal("größer");
    });
    await withConnected(epicsSignalRw(String, "LAB:L"), async (long) => {
      await long.set("short");
      expect(await long.getValue()).to.equal("short");
    });
    await withConnected(epicsSignalRw(Float64Array, "LAB:WF"), async (array) => {
      await array.set([4, 5.5]);
      expect(await array.getValue()).to.deep.equal(new Float64Array([4, 5.5]));
    });
  });

  it("read and set arrays that need the large header", () =>
    withConnected(epicsSignalRw(Uint8Array, "LAB:BYTES"), async (bytes) => {
      const sent = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
      await bytes.set(sent);
      expect(await bytes.getValue()).to.deep.equal(sent);
    }));

  it("accept an enum with more choices than a subsetEnum, or fewer than a supersetEnum", async () => {
    await withConnected(epicsSignalRw(subsetEnum(["fast", "idle"]), "LAB:MODE"), async (mode) => {
      await mode.set("slow");
      expect(await mode.getValue()).to.equal("slow");
      expect(await failureText(() => mode.set("warm"))).to.equal(
        'cannot set LAB:MODE to warm: use "idle", "slow", "fast"',
      );
    });
    await withConnected(epicsSignalRw(supersetEnum(["idle", "slow", "fast", "warm"]), "LAB:MODE"), async (mode) => {
      await mode.set("fast");
      expect(await mode.getValue()).to.equal("fast");
      expect((await mode.describe()).it?.choices).to.deep.equal(["idle", "slow", "fast"]);
      expect(await failureText(() => mode.set("warm"))).to.contain('use "idle", "slow", "fast"');
    });
    const other = 'LAB:MODE holds one of ["idle", "slow", "fast"]: use that list';
    const connecting = (signal: SignalR) => failureText(() => initDevices({ it: signal }));
    expect(await connecting(epicsSignalRw(subsetEnum(["idle", "warm"]), "LAB:MODE"))).to.contain(other);
    expect(await connecting(epicsSignalRw(supersetEnum(["idle", "slow"]), "LAB:MODE"))).to.contain(other);
    const { some } = await initDevices({ some: epicsSignalRw(supersetEnum(["a", "b"]), "LAB:MODE") }, { mock: true });
    await some.set("b");
    expect(await failureText(() => some.set("c" as "a"))).to.contain("use a, b");
    expect(() => subsetEnum([])).to.throw("at least one choice");
    expect(() => supersetEnum(["a", "a"])).to.throw("each choice once");
  });

  it("take the type of the record if the datatype is null", () =>
    withConnected(epicsSignalRw(null, "LAB:MODE"), async (mode) => {
      expect((await mode.describe()).it?.choices).to.deep.equal(["idle", "slow", "fast"]);
    }));

  it("resolve a set when the record has been processed, or at once", async () => {
    await withConnected(epicsSignalRw(Number, "LAB:SLOW"), async (slow) => {
      expect(await failureText(() => slow.set(1, { timeout: 0.05 }))).to.equal(
        "gave up waiting for LAB:SLOW to be set after 0.05 s",
      );
      await slow.set(2);
      expect(await slow.getValue()).to.equal(2);
    });
    await withConnected(
      epicsSignalRw(Number, "LAB:SLOW", undefined, { wait: (value) => value !== 0 }),
      async (slow) => {
        await slow.set(0, { timeout: 0.3 });
      },
    );
  });

  it("write nothing if the signal has already aborted", () =>
    withConnected(epicsSignalRw(Number, "LAB:X"), async (x) => {
      await x.set(1.25);
      const aborted = AbortSignal.abort(new Error("lunch"));
      expect(await failureText(() => x.set(8, { signal: aborted }))).to.contain("lunch");
      expect(await x.getValue()).to.equal(1.25);
    }));

  it("report a refused write even if it does not wait for the record", async () => {
    const devices = await initDevices({
      x: epicsSignalRw(Number, "LAB:X", undefined, { wait: false }),
      closed: epicsSignalRw(Number, "LAB:X.DISP"),
    });
    const { x, closed } = devices;
    const { error } = console;
    try {
      await closed.set(1);
      const reported = new Promise<unknown>((resolve) => {
        console.error = resolve;
      });
      await x.set(2);
      expect(await reported).to.match(/^cannot set LAB:X: the server refuses the value/);
    } finally {
      console.error = error;
      await closed.set(0);
      await disposeDevices(devices);
    }
  });

  it("read one record and set another", async () => {
    await withConnected(epicsSignalRw(Number, "LAB:T", "LAB:X"), async (pair) => {
      await pair.set(3);
      expect((await pair.locate()).setpoint).to.equal(3);
    });
    expect(epicsSignalRwRbv(Number, "LAB:X.VAL").source).to.equal("ca://LAB:X_RBV");
  });

  it("write a fixed value when triggered, and write PVs that are write-only", async () => {
    const devices = await initDevices({
      go: epicsSignalX("LAB:N", 42),
      write: epicsSignalW(Number, "LAB:X"),
      n: epicsSignalR(Number, "LAB:N"),
      x: epicsSignalR(Number, "LAB:X"),
    });
    await devices.go.trigger();
    await devices.write.set(-1);
    expect([await devices.n.getValue(), await devices.x.getValue()]).to.deep.equal([42, -1]);
    await disposeDevices(devices);
  });

  it("report every change to subscribers", () =>
    withConnected(epicsSignalR(Number, "LAB:T"), async (t) => {
      const seen: number[] = [];
      for await (const value of observeValue(t, { timeout: 10 })) {
        seen.push(value);
        if (seen.length === 5) break;
      }
      expect(new Set(seen).size).to.equal(5);
    }));

  it("reject values that the record cannot hold, before they are sent", async () => {
    await withConnected(epicsSignalRw(Number, "LAB:N"), async (n) => {
      expect(await failureText(() => n.set(1.5))).to.equal(
        "cannot set LAB:N to 1.5: use a whole number from -2147483648 to 2147483647",
      );
    });
    await withConnected(epicsSignalRw(null, "LAB:MODE"), async (mode) => {
      expect(await failureText(() => mode.set("quick"))).to.equal(
        'cannot set LAB:MODE to quick: use "idle", "slow", "fast"',
      );
    });
    await withConnected(epicsSignalRw(String, "LAB:S"), async (text) => {
      expect(await failureText(() => text.set("ä".repeat(20)))).to.contain("it has room for 39 bytes");
      expect(await failureText(() => text.set("a\0b"))).to.equal(
        "cannot set LAB:S to a\\x00b: leave out characters of code 0, which end a text in Channel Access",
      );
    });
    await withConnected(epicsSignalRw(Float64Array, "LAB:WF"), async (array) => {
      expect(await failureText(() => array.set(new Float64Array(1001)))).to.equal(
        "cannot set LAB:WF to 1001 elements: it has room for 1000",
      );
    });
  });

  it("do not connect if no server answers or the record has another type", async () => {
    const devices = {
      missing: epicsSignalR(Number, "LAB:NO"),
      text: epicsSignalR(String, "LAB:X"),
      choice: epicsSignalR(["slow"], "LAB:MODE"),
    };
    expect(await failureText(() => initDevices(devices, { timeout: 1 }))).to.equal(
      [
        "3 devices could not be connected:",
        "  missing: no EPICS server answered for LAB:NO within 1 s: check the name, that its IOC runs, and EPICS_CA_ADDR_LIST",
        "  text: LAB:X holds a number (double): use Number",
        '  choice: LAB:MODE holds one of ["idle", "slow", "fast"]: use that list',
      ].join("\n"),
    );
    expect(await failureText(() => epicsSignalR(Number, "http://LAB:X"))).to.contain("write ca://LAB:X or pva://LAB:X");
  });

  it("report that the server is gone, and reconnect automatically", async () => {
    const own = await startIoc("records");
    const devices = await initDevices({ x: epicsSignalRw(Number, "LAB:X"), t: epicsSignalR(Number, "LAB:T") });
    const { x, t } = devices;
    const messages: string[] = [];
    t.subscribe(({ t: reading }) => {
      if (reading?.message) messages.push(reading.message);
    });
    const pending = failureText(() => x.set(1, { timeout: null }));
    await own.stop();
    await pending;
    while (messages.length === 0) await delay(10);
    expect(messages[0]).to.match(/^LAB:T is disconnected: the connection to 127\.0\.0\.1:\d+ is lost/);
    expect(await failureText(() => x.getValue())).to.match(/^LAB:X is not connected: the connection to \S+ is lost: /);
    const again = await startIoc("records", { port: own.port });
    try {
      for await (const _value of observeValue(t, { timeout: 20 })) break;
      await x.set(2);
      expect(await x.getValue()).to.equal(2);
    } finally {
      await disposeDevices(devices);
      await again.stop();
      ioc.use();
    }
  });

  it("are configured anew after the server was restarted with other records", async () => {
    const own = await startIoc("records");
    const devices = await initDevices({
      x: epicsSignalRw(Number, "LAB:X"),
      mode: epicsSignalRw(["idle", "slow", "fast"], "LAB:MODE"),
      n: epicsSignalR(Number, "LAB:N"),
      any: epicsSignalR(null, "LAB:N"),
      anyMode: epicsSignalRw(null, "LAB:MODE"),
      anyX: epicsSignalR(null, "LAB:X"),
    });
    const { x, mode, n, any, anyMode, anyX } = devices;
    expect(x.units).to.equal("mm");
    const reported: unknown[] = [];
    const known = new Promise<void>((resolve) => {
      n.subscribe(({ n: reading }) => {
        resolve();
        if (reading?.message?.includes("holds")) reported.push([reading.value, reading.alarm_severity]);
      });
    });
    await known;
    await own.stop();
    const changed = await startIoc("changed", { port: own.port });
    try {
      for await (const value of observeValue(x, { timeout: 20 })) if (value === 7) break;
      expect(x.units).to.equal("um");
      while (reported.length === 0) await delay(10);
      expect(reported).to.deep.equal([[3, -1]]);
      expect(await failureText(() => n.getValue())).to.equal("LAB:N holds a string: use String");
      const other = 'LAB:MODE holds one of ["idle", "warming", "slow", "fast"]: use that list';
      expect(await failureText(() => mode.getValue())).to.equal(other);
      expect(await failureText(() => mode.set("slow"))).to.equal(other);
      const another = "has changed its type since it was connected: make a new signal for it";
      expect(await failureText(() => any.getValue())).to.equal(`LAB:N ${another}`);
      expect(await failureText(() => anyMode.set("slow"))).to.equal(`LAB:MODE ${another}`);
      expect(await anyX.getValue()).to.equal(7);
      await any.dispose();
      await any.connect();
      expect(await any.getValue(), "a new connection").to.equal("three");
    } finally {
      await disposeDevices(devices);
      await changed.stop();
      ioc.use();
    }
  });

  it("can be subscribed to once they are connected, even if a subscription failed before", async () => {
    const signal = epicsSignalR(Number, "LAB:T");
    expect(() => signal.subscribe(() => undefined)).to.throw("connect its device first");
    await signal.connect();
    await new Promise<void>((updated) => signal.subscribe(() => updated()));
    await signal.dispose();
  });

  it("report to their subscribers again when they are connected again after dispose", () =>
    hearsAgain(epicsSignalR(Number, "LAB:T")));

  it("release their channel on dispose, even while they are connecting", async () => {
    const before = acquireChannel("LAB:N");
    const twice = epicsSignalR(Number, "LAB:N");
    await Promise.all([twice.connect(), twice.connect()]);
    await twice.dispose();
    const early = epicsSignalR(Number, "LAB:N");
    const connecting = early.connect().then(
      () => "connected",
      (error: Error) => error.message,
    );
    await early.dispose();
    expect(await connecting).to.contain("LAB:N was disposed while it connected");
    before.release();
    const afterwards = acquireChannel("LAB:N");
    expect(afterwards.item).not.to.equal(before.item);
    afterwards.release();
  });

  it("work without a network as mocks", async () => {
    const mode = epicsSignalRw(["idle", "slow"], "NOWHERE:MODE");
    await initDevices({ mode }, { mock: true });
    setMockValue(mode, "slow");
    expect(await mode.getValue()).to.equal("slow");
    expect(await failureText(() => mode.set("fast" as never))).to.contain("use idle, slow");
  });

  it("have the TypeScript type of their datatype", () => {
    const number: SignalR<number> = epicsSignalR(Number, "A");
    const array: SignalR<Float64Array> = epicsSignalR(Float64Array, "A");
    // @ts-expect-error a signal of numbers is not a signal of strings
    const text: SignalR<string> = epicsSignalR(Number, "A");
    const mode = epicsSignalRw(["a", "b"], "A");
    // @ts-expect-error "c" is not one of the choices
    const other: Parameters<typeof mode.set>[0] = "c";
    const some: SignalR<"a" | "b"> = epicsSignalRw(supersetEnum(["a", "b"]), "A");
    const any: SignalR<string> = epicsSignalRw(subsetEnum(["a", "b"]), "A");
    // @ts-expect-error the PV may have other choices
    const all: SignalR<"a" | "b"> = epicsSignalRw(subsetEnum(["a", "b"]), "A");
    expect([other, some.source, any.source, all.source]).to.deep.equal(["c", "ca://A", "ca://A", "ca://A"]);
    expect([number, array, text].every((signal) => signal.source === "ca://A")).to.equal(true);
  });
});
