/** Tests of signals and commands of Tango devices, against a PyTango server. */

import { expect } from "chai";
import {
  disposeDevices,
  initDevices,
  observeValue,
  type SignalR,
  setMockValue,
  subsetEnum,
  supersetEnum,
  TangoError,
  type TangoNumbersAndStrings,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
  tangoSignalW,
  tangoSignalX,
} from "../../lib/index";
import { acquireProxy } from "../../lib/tango/link/proxyPool";
import { parseDevice } from "../../lib/tango/link/trl";
import { startTango, type TangoServer } from "../peers/tango";
import { failure, failureText } from "../support/failure";
import { hearsAgain } from "../support/hearsAgain";
import { withConnected } from "../support/withConnected";

const STATES =
  '["ON", "OFF", "CLOSE", "OPEN", "INSERT", "EXTRACT", "MOVING", "STANDBY", "FAULT", "INIT", "RUNNING", "ALARM", "DISABLE", "UNKNOWN"]';

describe("signals of Tango attributes (PyTango over GIOP)", () => {
  let server: TangoServer;
  before(async () => {
    server = await startTango();
  });
  after(() => server.stop());

  const at = (name: string): string => server.trl(`lab/test/1/${name}`);

  it("have units, precision and limits of the attribute", () =>
    withConnected(tangoSignalRw(Number, at("x")), async (x) => {
      expect(x.units).to.equal("mm");
      expect(await x.describe()).to.deep.equal({
        it: {
          source: at("x"),
          dtype: "number",
          dtype_numpy: "<f8",
          shape: [],
          units: "mm",
          precision: 3,
          limits: {
            control: { low: -10, high: 10 },
            warning: { low: -8, high: 8 },
            alarm: { low: null, high: 9 },
          },
        },
      });
    }));

  it("accept an enum with more choices than a subsetEnum, or fewer than a supersetEnum", async () => {
    const mode = (datatype: Parameters<typeof tangoSignalRw>[0]) => tangoSignalRw(datatype, at("mode"));
    await withConnected(tangoSignalRw(subsetEnum(["fast", "idle"]), at("mode")), async (signal) => {
      await signal.set("slow");
      expect(await signal.getValue()).to.equal("slow");
      expect((await signal.describe()).it?.choices).to.deep.equal(["idle", "slow", "fast"]);
    });
    await withConnected(tangoSignalRw(supersetEnum(["idle", "slow", "fast", "warm"]), at("mode")), async (signal) => {
      await signal.set("fast");
      expect(await signal.getValue()).to.equal("fast");
      expect(await failureText(signal.set("warm"))).to.contain('use "idle", "slow", "fast"');
      await signal.set("slow");
    });
    for (const other of [subsetEnum(["idle", "warm"]), supersetEnum(["idle", "slow"]), subsetEnum(["DevState"])])
      expect(await failureText(mode(other).connect())).to.contain('a choice, one of ["idle", "slow", "fast"]');
    expect(await failureText(tangoSignalR(subsetEnum(["idle"]), at("x")).connect())).to.contain("use Number");
    await withConnected(tangoSignalR(subsetEnum(["ON", "OFF"]), at("State")), async (state) => {
      expect(STATES).to.contain(`"${await state.getValue()}"`);
    });
    const { some } = await initDevices({ some: mode(supersetEnum(["a", "b"])) }, { mock: true });
    expect(await some.getValue()).to.equal("a");
    await disposeDevices({ some });
  });

  it("read values with their timestamp, and report their quality as an alarm", () =>
    withConnected(tangoSignalRw(Number, at("x")), async (x) => {
      await x.set(8.5);
      const { it: warning } = await x.read();
      expect(warning).to.deep.include({
        value: 8.5,
        alarm_severity: 1,
        message: "lab/test/1/x has the quality WARNING",
      });
      expect(warning?.timestamp).to.be.closeTo(Date.now() / 1000, 60);
      await x.set(9.5);
      expect((await x.read()).it?.alarm_severity).to.equal(2);
      await x.set(1.25);
      expect((await x.read()).it).to.have.all.keys("value", "timestamp");
      expect(await x.locate()).to.deep.equal({ setpoint: 1.25, readback: 1.25 });
    }));

  const numbers = [
    ["double", -2.25, "number"],
    ["float", 0.75, "number"],
    ["short", -32768, "integer"],
    ["ushort", 65535, "integer"],
    ["long", -(2 ** 31), "integer"],
    ["ulong", 2 ** 32 - 1, "integer"],
    ["uchar", 255, "integer"],
    ["long64", -(2 ** 53) + 1, "integer"],
    ["ulong64", 12, "integer"],
  ] as const;
  for (const [name, value, dtype] of numbers) {
    it(`read and set a ${name} without loss`, () =>
      withConnected(tangoSignalRw(Number, at(name)), async (signal) => {
        await signal.set(value);
        expect(await signal.locate()).to.deep.equal({ setpoint: value, readback: value });
        expect((await signal.describe()).it?.dtype).to.equal(dtype);
      }));
  }

  const arrays = [
    ["doubles", new Float64Array([1.5, -2, 1e-300])],
    ["floats", new Float32Array([0.5])],
    ["shorts", new Int16Array([-1, 2])],
    ["ushorts", new Uint16Array([65535])],
    ["longs", new Int32Array([-70000, 3])],
    ["ulongs", new Uint32Array([4e9])],
    ["uchars", Uint8Array.from({ length: 250_001 }, (_, i) => i % 251)],
    ["long64s", new BigInt64Array([-(2n ** 63n), 7n])],
    ["ulong64s", new BigUint64Array([2n ** 64n - 1n])],
  ] as const;
  for (const [name, value] of arrays) {
    it(`read and set a spectrum of ${name} as a typed array`, () =>
      withConnected(tangoSignalRw(value.constructor as Float64ArrayConstructor, at(name)), async (signal) => {
        await signal.set(value as Float64Array);
        expect(await signal.getValue()).to.deep.equal(value);
        expect((await signal.locate()).setpoint).to.deep.equal(value);
        expect((await signal.describe()).it).to.deep.include({ dtype: "array", shape: [null] });
      }));
  }

  it("lose no digits of integers beyond 2^53", async () => {
    const huge = -(2n ** 53n) - 1n;
    await withConnected(tangoSignalRw(BigInt, at("long64")), async (exact) => {
      await exact.set(huge);
      expect(await exact.getValue()).to.equal(huge);
    });
    await withConnected(tangoSignalR(null, at("long64")), async (any) => expect(await any.getValue()).to.equal(huge));
    await withConnected(tangoSignalRw(Number, at("long64")), async (number) => {
      expect(await failureText(() => number.getValue())).to.equal(
        "cannot read lab/test/1/long64: -9007199254740993 has more digits than a number can hold: use BigInt",
      );
      expect(await failureText(() => number.set(2 ** 53))).to.contain("beyond 2^53 as a bigint");
    });
  });

  it("read and set booleans, strings, enums and states", async () => {
    await withConnected(tangoSignalRw(Boolean, at("boolean")), async (on) => {
      await on.set(false);
      expect(await on.getValue()).to.equal(false);
    });
    await withConnected(tangoSignalRw([Boolean], at("booleans")), async (switches) => {
      await switches.set([true, false]);
      expect(await switches.getValue()).to.deep.equal([true, false]);
    });
    await withConnected(tangoSignalRw(String, at("string")), async (text) => {
      expect(await text.getValue()).to.equal("größer");
      await text.set("µm, ÿ");
      expect(await text.getValue()).to.equal("µm, ÿ");
    });
    await withConnected(tangoSignalRw([String], at("strings")), async (texts) => {
      await texts.set(["a", "", "b c"]);
      expect(await texts.getValue()).to.deep.equal(["a", "", "b c"]);
    });
    await withConnected(tangoSignalRw(["idle", "slow", "fast"], at("mode")), async (mode) => {
      await mode.set("fast");
      const value: "idle" | "slow" | "fast" = await mode.getValue();
      expect(value).to.equal("fast");
      expect((await mode.describe()).it?.choices).to.deep.equal(["idle", "slow", "fast"]);
    });
    await withConnected(tangoSignalR([String], at("modes")), async (modes) =>
      expect(await modes.getValue()).to.deep.equal(["fast", "idle"]),
    );
    await withConnected(tangoSignalR(String, at("State")), async (state) =>
      expect(await state.getValue()).to.equal("STANDBY"),
    );
  });

  it("read and set images as lists of rows, empty spectra and encoded data", async () => {
    await withConnected(tangoSignalRw([Float64Array], at("image")), async (image) => {
      expect(await image.getValue()).to.deep.equal([new Float64Array([1, 2, 3]), new Float64Array([4, 5, 6])]);
      expect((await image.describe()).it).to.deep.include({ dtype: "array", shape: [null, null] });
      const large = Array.from({ length: 500 }, (_, y) => Float64Array.from({ length: 600 }, (_, x) => x * y));
      await image.set(large);
      expect(await image.getValue()).to.deep.equal(large);
      expect(await failureText(() => image.set([new Float64Array(2), new Float64Array(3)]))).to.contain(
        "rows of the same length",
      );
    });
    await withConnected(tangoSignalR([[String]], at("texts")), async (texts) =>
      expect(await texts.getValue()).to.deep.equal([
        ["a", "b"],
        ["c", ""],
      ]),
    );
    await withConnected(tangoSignalR(Float64Array, at("empty")), async (empty) =>
      expect(await empty.getValue()).to.deep.equal(new Float64Array(0)),
    );
    await withConnected(tangoSignalRw(null, at("encoded")), async (encoded) => {
      expect(await encoded.getValue()).to.deep.equal({ format: "raw", data: new Uint8Array([0, 1, 255]) });
      const json = { format: "json", data: new Uint8Array([0x7b, 0x7d]) };
      await encoded.set(json);
      expect(await encoded.getValue()).to.deep.equal(json);
      expect(await failureText(() => encoded.set("{}"))).to.contain("use { format:");
    });
  });

  it("reject values that the attribute cannot hold, before they are sent", async () => {
    await withConnected(tangoSignalRw(Number, at("short")), async (short) => {
      expect(await failureText(() => short.set(1.5))).to.equal(
        "cannot set lab/test/1/short to 1.5: use a whole number from -32768 to 32767",
      );
    });
    await withConnected(tangoSignalRw(null, at("mode")), async (mode) => {
      expect(await failureText(() => mode.set("quick"))).to.equal(
        'cannot set lab/test/1/mode to quick: use "idle", "slow", "fast"',
      );
    });
    await withConnected(tangoSignalRw(String, at("string")), async (text) => {
      expect(await failureText(() => text.set("日本"))).to.contain("use characters of ISO 8859-1 only");
      expect(await failureText(() => text.set("a\0b"))).to.contain("leave out characters of code 0, which end a text");
    });
    await withConnected(tangoSignalRw(null, at("doubles")), async (list) => {
      expect(await failureText(() => list.set(3))).to.equal("cannot set lab/test/1/doubles to 3: use a list");
    });
  });

  it("report the present limits of the device, or the reason that the device gives", async () => {
    const { x, tighten, broken, invalid, fail } = await initDevices({
      x: tangoSignalRw(Number, at("x")),
      tighten: tangoCommand(at("Tighten"), { argument: Number }),
      broken: tangoSignalR(Number, at("broken")),
      invalid: tangoSignalR(Number, at("invalid")),
      fail: tangoSignalX(at("Fail")),
    });
    expect(await failureText(() => x.set(20))).to.equal(
      "cannot set lab/test/1/x to 20 mm: the device allows -10 mm to 10 mm",
    );
    await tighten.execute(9);
    const error = await failure(x.set(9.5));
    expect(error.message).to.equal("cannot set lab/test/1/x to 9.5 mm: the device allows -10 mm to 9 mm");
    expect(error).to.be.instanceOf(TangoError).with.property("reason", "API_WAttrOutsideLimit");
    expect((await x.describe()).x?.limits?.control?.high).to.equal(9);
    await tighten.execute(10);
    expect(await failureText(() => broken.getValue())).to.equal(
      "cannot read lab/test/1/broken: the sensor is not \\x1b[31mplugged in (LAB_NoSensor)",
    );
    expect(await failureText(() => invalid.getValue())).to.equal(
      "lab/test/1/invalid has no value at present (quality INVALID)",
    );
    expect(await failureText(() => fail.trigger())).to.match(
      /^cannot execute lab\/test\/1\/Fail: ValueError: this never works/,
    );
    await disposeDevices({ x, tighten, broken, invalid, fail });
  });

  it("trigger commands, and set attributes that are write-only", async () => {
    const devices = await initDevices({
      go: tangoSignalX(at("Touch")),
      write: tangoSignalW(Number, at("setOnly")),
      x: tangoSignalR(Number, at("x")),
    });
    await devices.go.trigger();
    expect(await devices.x.getValue()).to.equal(7);
    await devices.write.set(-1);
    expect(await devices.x.getValue()).to.equal(-1);
    await disposeDevices(devices);
  });

  it("know the setpoint of a separate write-only attribute", async () => {
    await withConnected(tangoSignalRw(Number, at("x"), at("setOnly")), async (signal) => {
      await signal.set(-2);
      expect(await signal.locate()).to.deep.equal({ setpoint: -2, readback: -2 });
    });
  });

  it("report every change to subscribers, or only those that are large enough", async () => {
    await withConnected(tangoSignalR(Number, at("counter"), { polling: { period: 0.01 } }), async (counter) => {
      const seen: number[] = [];
      for await (const value of observeValue(counter, { timeout: 10 })) {
        seen.push(value);
        if (seen.length === 5) break;
      }
      expect(new Set(seen).size).to.equal(5);
    });
    await withConnected(
      tangoSignalR(Number, at("counter"), { polling: { period: 0.01, absChange: 3 } }),
      async (counter) => {
        const seen: number[] = [];
        for await (const value of observeValue(counter, { timeout: 10 })) {
          seen.push(value);
          if (seen.length === 4) break;
        }
        for (let i = 1; i < seen.length; i++) expect((seen[i] ?? 0) - (seen[i - 1] ?? 0)).to.be.at.least(3);
      },
    );
  });

  it("report to subscribers why there is no value, as a reading with an alarm", () =>
    withConnected(tangoSignalR(Number, at("broken"), { polling: { period: 0.01 } }), async (broken) => {
      const reported = await new Promise((resolve) => broken.subscribe(({ it: reading }) => resolve(reading)));
      expect(reported).to.deep.include({
        alarm_severity: -1,
        message: "cannot read lab/test/1/broken: the sensor is not \\x1b[31mplugged in (LAB_NoSensor)",
      });
    }));

  it("do not connect if the server does not answer or the attribute has another datatype", async () => {
    const nobody = `tango://127.0.0.1:1/lab/test/1/x#dbase=no`;
    const devices = {
      nobody: tangoSignalR(Number, nobody),
      device: tangoSignalR(Number, server.trl("lab/other/1/x")),
      missing: tangoSignalR(Number, at("nope")),
      text: tangoSignalR(String, at("x")),
      list: tangoSignalR(Number, at("doubles")),
      image: tangoSignalR(Float64Array, at("image")),
      choice: tangoSignalR(["slow"], at("mode")),
      state: tangoSignalR(Number, at("State")),
      fixed: tangoSignalRw(Number, at("expert")),
      setOnly: tangoSignalR(Number, at("setOnly")),
      command: tangoCommand(at("Sum"), { argument: Number }),
    };
    const here = `tango://127.0.0.1:${server.port}`;
    expect(await failureText(() => initDevices(devices))).to.equal(
      [
        "11 devices could not be connected:",
        `  nobody: cannot use lab/test/1/x (tango://127.0.0.1:1/lab/test/1#dbase=no): no connection to 127.0.0.1:1: no server listens on this port`,
        `  device: cannot use lab/other/1/x (${here}/lab/other/1#dbase=no): the server has no such device`,
        `  missing: cannot use lab/test/1/nope (${here}/lab/test/1#dbase=no): nope attribute not found (API_AttrNotFound)`,
        "  text: lab/test/1/x holds a number (double): use Number",
        "  list: lab/test/1/doubles holds a spectrum of numbers (double): use Float64Array",
        "  image: lab/test/1/image holds an image of numbers (double): use [Float64Array]",
        '  choice: lab/test/1/mode holds a choice, one of ["idle", "slow", "fast"]: use ["idle", "slow", "fast"]',
        `  state: lab/test/1/State holds a state, one of ${STATES}: use ${STATES}`,
        "  fixed: lab/test/1/expert can only be read: use tangoSignalR",
        "  setOnly: lab/test/1/setOnly can only be set: use tangoSignalW",
        "  command: lab/test/1/Sum takes a list of numbers (double): use Float64Array",
      ].join("\n"),
    );
  });

  it("give up after their timeout, with a message that says so", async () => {
    const { sleep, x } = await initDevices({
      sleep: tangoCommand(at("Sleep"), { argument: Number }),
      x: tangoSignalRw(Number, at("x")),
    });
    expect(await failureText(() => sleep.execute(0.5, { timeout: 0.05 }))).to.equal(
      "cannot execute lab/test/1/Sleep with 0.5: gave up waiting for lab/test/1 to answer after 0.05 s",
    );
    const stop = new AbortController();
    const aborted = failureText(() => sleep.execute(0.2, { signal: stop.signal }));
    stop.abort(new Error("enough"));
    expect(await aborted).to.contain("gave up waiting for lab/test/1 to answer: enough");
    await x.set(2, { timeout: null });
    await disposeDevices({ sleep, x });
  });

  it("can be subscribed to once they are connected, even if a subscription failed before", async () => {
    const signal = tangoSignalR(Number, at("x"));
    expect(() => signal.subscribe(() => undefined)).to.throw("connect its device first");
    await signal.connect();
    await new Promise<void>((updated) => signal.subscribe(() => updated()));
    await signal.dispose();
  });

  it("report to their subscribers again when they are connected again after dispose", () =>
    hearsAgain(tangoSignalR(Number, at("counter"), { polling: { period: 0.01 } })));

  it("release their device on dispose, even while they are connecting", async () => {
    const early = tangoSignalR(Number, at("x"));
    const connecting = failureText(() => early.connect());
    await early.dispose();
    expect(await connecting).to.contain("lab/test/1/x was disposed while it connected");
    const twice = tangoSignalR(Number, at("x"));
    await Promise.all([twice.connect(), twice.connect()]);
    await twice.dispose();
    const { item: proxy, release } = acquireProxy(parseDevice(server.trl("lab/test/1")));
    expect(proxy.session).to.equal(undefined);
    release();
  });

  it("work without a network as mocks", async () => {
    const mode = tangoSignalRw(["idle", "slow"], "tango://nowhere:1/a/b/c/mode");
    const command = tangoCommand("tango://nowhere:1/a/b/c/go", { result: Number });
    await initDevices({ mode, command }, { mock: true });
    setMockValue(mode, "slow");
    expect(await mode.getValue()).to.equal("slow");
    expect(await failureText(() => mode.set("fast" as never))).to.contain("use idle, slow");
    expect(await command.execute()).to.equal(0);
  });

  it("have the TypeScript type of their datatype", () => {
    const number: SignalR<number> = tangoSignalR(Number, at("x"));
    const image: SignalR<readonly Float64Array[]> = tangoSignalR([Float64Array], at("image"));
    const texts: SignalR<readonly string[]> = tangoSignalR([String], at("strings"));
    // @ts-expect-error a signal of numbers is not a signal of strings
    const text: SignalR<string> = tangoSignalR(Number, at("x"));
    const mode = tangoSignalRw(["a", "b"], at("mode"));
    // @ts-expect-error "c" is not one of the choices
    const other: Parameters<typeof mode.set>[0] = "c";
    expect(other).to.equal("c");
    const command = tangoCommand(at("Sum"), { argument: Float64Array, result: Number });
    // @ts-expect-error the argument is required
    const call = () => command.execute();
    expect(call).to.be.a("function");
    expect([number, image, texts, text].map((signal) => signal.source)).to.include(at("image"));
  });
});

describe("commands of Tango devices", () => {
  let server: TangoServer;
  before(async () => {
    server = await startTango();
  });
  after(() => server.stop());

  it("take arguments and give results of every kind", async () => {
    const at = (name: string): string => server.trl(`lab/test/1/${name}`);
    const devices = await initDevices({
      sum: tangoCommand(at("Sum"), { argument: Float64Array, result: Number }),
      echo: tangoCommand(at("Echo"), { argument: String, result: String }),
      same: tangoCommand(at("Same"), { argument: BigInt, result: BigInt }),
      swap: tangoCommand(at("Swap")),
      areLong: tangoCommand(at("AreLong"), { argument: [String], result: [Boolean] }),
      which: tangoCommand(at("Which")),
      touch: tangoCommand(at("Touch")),
    });
    const { sum, echo, same, swap, areLong, which, touch } = devices;
    const total: number = await sum.execute(new Float64Array([1, 2.5]));
    expect(total).to.equal(3.5);
    expect(await echo.execute("größer")).to.equal("größer");
    expect(await same.execute(-(2n ** 63n))).to.equal(-(2n ** 63n));
    const both: TangoNumbersAndStrings = { numbers: new Float64Array([1, 2]), strings: ["a", "b"] };
    expect(await swap.execute(both)).to.deep.equal({ numbers: new Int32Array([1, 2]), strings: ["b", "a"] });
    expect(await areLong.execute(["one", "three"])).to.deep.equal([false, true]);
    expect(await which.execute()).to.equal("RUNNING");
    expect(await touch.execute()).to.equal(undefined);
    expect(await failureText(() => echo.execute(3 as never))).to.equal(
      "cannot execute lab/test/1/Echo with 3: use a string",
    );
    expect(await failureText(() => touch.execute(1 as never))).to.equal(
      "cannot execute lab/test/1/Touch with 1: the command takes no argument",
    );
    expect(await failureText(() => swap.execute([1]))).to.contain("use { numbers: [...], strings: [...] }");
    await disposeDevices(devices);
    expect(await failureText(() => which.execute())).to.contain("connect its device first");
  });

  it("release their device on dispose, even while they are connecting", async () => {
    const command = tangoCommand(server.trl("lab/test/1/Which"));
    const connecting = failureText(() => command.connect());
    await command.dispose();
    expect(await connecting).to.equal("lab/test/1/Which was disposed while it connected");
    expect(command.info).to.equal(undefined);
    const { item: proxy, release } = acquireProxy(parseDevice(server.trl("lab/test/1")));
    expect(proxy.session).to.equal(undefined);
    release();
  });

  it("report why they were aborted", async () => {
    const { which } = await initDevices({ which: tangoCommand(server.trl("lab/test/1/Which")) });
    const error = await failure(which.execute(undefined, { signal: AbortSignal.abort(new Error("lunch")) }));
    expect(error.name).to.equal("AbortError");
    expect(error.message).to.equal("cannot execute lab/test/1/Which: gave up waiting for lab/test/1 to answer: lunch");
    await which.dispose();
  });
});
