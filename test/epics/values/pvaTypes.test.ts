/** Tests of texts and of all normative types over pvAccess, with a server of p4p that echoes what is put. */

import { expect } from "chai";
import type { EpicsDatatype } from "../../../lib/epics/values/index";
import { type Device, disposeDevices, epicsSignalRw, initDevices, type SignalRW } from "../../../lib/index";
import { type Ioc, startIoc } from "../../peers/epics";
import { failure } from "../../support/failure";

/** Connects the signals while `use` works with them. */
async function withSignals<T extends Record<string, Device>>(made: T, use: (signals: T) => Promise<void>) {
  const signals = await initDevices(made);
  try {
    await use(signals);
  } finally {
    await disposeDevices(signals);
  }
}

describe("values of pvAccess", function () {
  this.timeout(60_000);
  let server: Ioc;

  before(async () => {
    server = await startIoc("pva");
  });
  after(() => server.stop());

  const text = (name: string) => epicsSignalRw(String, `pva://PVA:${name}`, undefined, { text: true });
  const texts = (name: string) => epicsSignalRw(Array, `pva://PVA:${name}`, undefined, { text: true });
  const own = (name: string, datatype: EpicsDatatype | null = null) => epicsSignalRw(datatype, `pva://PVA:${name}`);
  const whole = own as (name: string) => SignalRW;

  it("are set by their text, as Channel Access takes it: numbers, switches, choices and strings", async () => {
    for (const [name, value, read] of [
      ["DOUBLE", "2.75", 2.75],
      ["INT32", "-12", -12],
      ["UINT64", "18446744073709551615", 2n ** 64n - 1n],
      ["BOOL", "false", false],
      ["TEXT", "größer", "größer"],
      ["MODE", "fast", "fast"],
    ] as const) {
      await withSignals({ as: text(name), plain: own(name) as SignalRW }, async ({ as, plain }) => {
        await as.set(value);
        expect(await plain.getValue()).to.equal(read);
        expect(await as.getValue()).to.equal(value);
      });
    }
  });

  it("are set by lists of texts if they are arrays", async () => {
    for (const [name, value] of [
      ["DOUBLES", ["1.5", "-3"]],
      ["INT16S", ["7", "8", "9"]],
      ["BOOLS", ["true", "false"]],
      ["TEXTS", ["é", ""]],
    ] as const) {
      await withSignals({ as: texts(name) }, async ({ as }) => {
        await as.set([...value]);
        expect(await as.getValue()).to.deep.equal(value);
      });
    }
  });

  it("refuse texts that mean no value of theirs, and are unchanged", async () => {
    for (const [name, value, words] of [
      ["DOUBLE", "warm", "use the text of a number"],
      ["INT32", "1.5", "use the text of a whole number"],
      ["INT8", "400", "use a whole number from -128 to 127"],
      ["BOOL", "on", 'use "true" or "false"'],
      ["MODE", "faster", 'use "idle", "slow", "fast"'],
    ] as const) {
      await withSignals({ as: text(name) }, async ({ as }) => {
        const before = await as.getValue();
        expect((await failure(as.set(value))).message).to.equal(`cannot set PVA:${name} to ${value}: ${words}`);
        expect(await as.getValue()).to.equal(before);
      });
    }
  });

  it("read and set strings in arrays of bytes, of any length", async () => {
    const long = `ü${"x".repeat(70_000)}`;
    for (const name of ["LONGTEXT", "LONGTEXTI"]) {
      await withSignals({ as: own(name, String) as SignalRW<string>, by: text(name) }, async ({ as, by }) => {
        expect(await as.getValue()).to.equal(name === "LONGTEXT" ? "a long größer text" : "signed");
        await as.set(long);
        expect(await by.getValue()).to.equal(long);
        await by.set("");
        expect(await as.getValue()).to.equal("");
      });
    }
  });

  it("keep all that their normative type has, and are set by member", async () => {
    const cases: readonly (readonly [name: string, first: object, change: object, then: object])[] = [
      ["UNION", { value: "first" }, { value: 2.5 }, { value: 2.5 }],
      ["UNION", { value: 2.5 }, { value: Float64Array.of(1, 2) }, { value: Float64Array.of(1, 2) }],
      [
        "MATRIX",
        { value: Float64Array.of(1, 2, 3, 4, 5, 6), dim: Int32Array.of(2, 3) },
        { dim: [3, 2] },
        { value: Float64Array.of(1, 2, 3, 4, 5, 6), dim: Int32Array.of(3, 2) },
      ],
      [
        "PAIRS",
        { name: ["a", "b"], value: Float64Array.of(1, 2) },
        { name: ["c"], value: [4] },
        { name: ["c"], value: Float64Array.of(4) },
      ],
      [
        "ATTRIBUTE",
        { name: "gain", value: 3, tags: ["x"] },
        { value: "high" },
        { name: "gain", value: "high", tags: ["x"] },
      ],
      [
        "MANYCHANNELS",
        { value: [1.5, "two"], channelName: ["A", "B"] },
        { value: [true, 4] },
        { value: [true, 4], channelName: ["A", "B"] },
      ],
      [
        "CONTINUUM",
        { base: Float64Array.of(0, 1), value: Float64Array.of(5, 6), units: ["s", "V"] },
        { units: ["ms", "V"] },
        { base: Float64Array.of(0, 1), value: Float64Array.of(5, 6), units: ["ms", "V"] },
      ],
      [
        "HISTOGRAM",
        { ranges: Float64Array.of(0, 1, 2), value: Int32Array.of(7, 8) },
        { value: [9, 10] },
        { ranges: Float64Array.of(0, 1, 2), value: Int32Array.of(9, 10) },
      ],
      [
        "AGGREGATE",
        { value: 2.5, N: 4, dispersion: 0.5, first: 2, last: 3 },
        { N: 5, last: 4 },
        { value: 2.5, N: 5, dispersion: 0.5, first: 2, last: 4 },
      ],
    ];
    for (const [name, first, change, then] of cases) {
      await withSignals({ pv: whole(name) }, async ({ pv }) => {
        expect(await pv.getValue(), name).to.deep.equal(first);
        await pv.set(change);
        expect(await pv.getValue(), name).to.deep.equal(then);
        expect(Object.keys(await pv.describe())[0]).to.match(/^pv/);
      });
    }
    // A datatype takes the value alone.
    await withSignals({ mean: own("AGGREGATE", Number) as SignalRW<number> }, async ({ mean }) => {
      expect(await mean.getValue()).to.equal(2.5);
    });
  });

  it("refuse members of another type, by their names, before anything is sent", async () => {
    for (const [name, value, words] of [
      ["ODD", { count: "3" }, "cannot set PVA:ODD: count to 3: use a number"],
      ["ODD", { inner: { x: "far" } }, "cannot set PVA:ODD: inner.x to far: use a number"],
      ["ODD", { choice: [1] }, "cannot set PVA:ODD: choice to [1]: use a value for one of a, b"],
      [
        "ODD",
        { list: [{ x: 1, colour: "red" }] },
        "cannot set PVA:ODD: list to { colour }: use an object with x, label",
      ],
      ["TABLE", { x: ["a"], name: ["b"] }, "cannot set PVA:TABLE: x to a: use a number"],
      [
        "MATRIX",
        { dim: [1.5] },
        "cannot set PVA:MATRIX: dim to 1.5: use a whole number from -2147483648 to 2147483647",
      ],
    ] as const) {
      await withSignals({ pv: whole(name) }, async ({ pv }) => {
        expect((await failure(pv.set(value))).message).to.equal(words);
      });
    }
  });
});

describe("a server of pvAccess on IPv6", function () {
  this.timeout(60_000);

  it("is found by a search and by a name server", async () => {
    const server = await startIoc("pva", { pvaHost: "[::1]" });
    try {
      const { x } = await initDevices({ x: epicsSignalRw(Number, "pva://PVA:DOUBLE") });
      expect(await x.getValue()).to.equal(1.25);
      await disposeDevices({ x });
      process.env.EPICS_PVA_ADDR_LIST = "";
      process.env.EPICS_PVA_NAME_SERVERS = `[::1]:${server.pvaPort}`;
      const { y } = await initDevices({ y: epicsSignalRw(Number, "pva://PVA:FLOAT") });
      expect(await y.getValue()).to.equal(0.5);
      await disposeDevices({ y });
    } finally {
      delete process.env.EPICS_PVA_NAME_SERVERS;
      await server.stop();
    }
  });
});
