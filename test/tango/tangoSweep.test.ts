/** Compares everything that an attribute or a command can be with what PyTango's client says of it. */

import { expect } from "chai";
import {
  type DataKey,
  type SignalR,
  TangoDevice,
  type TangoError,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
} from "../../lib/index";
import { runPython } from "../peers/peers";
import { startTangoSweep, type TangoServer } from "../peers/tango";
import { failure, failureText } from "../support/failure";
import { withConnected } from "../support/withConnected";

/** What test/peers/tango/readSweep.py prints about an attribute. */
interface PeerAttribute {
  readonly writable: string;
  readonly format: string;
  readonly unit: string;
  readonly choices: readonly string[];
  readonly control: unknown;
  readonly warning: unknown;
  readonly alarm: unknown;
  readonly quality?: string;
  readonly timestamp?: number;
  readonly value?: unknown;
  readonly set?: unknown;
  readonly errors?: readonly (readonly [reason: string, description: string])[];
}

/** A value as PyTango's side prints it. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
  if (typeof value === "number") return Number.isFinite(value) ? value : `${value}`;
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null && "format" in value && "data" in value)
    return [value.format, plain(value.data)];
  return value;
}

/** An image without pixels has no rows here, and some without pixels in numpy. */
const withoutEmptyRows = (value: unknown): unknown =>
  Array.isArray(value) && value.every((row) => Array.isArray(row) && row.length === 0) ? [] : value;

const SEVERITIES: Readonly<Record<string, number>> = { ATTR_WARNING: 1, ATTR_ALARM: 2, ATTR_INVALID: -1 };

describe("a Tango device of every kind, beside PyTango's client", () => {
  let server: TangoServer;
  let peer: Readonly<Record<string, PeerAttribute>>;
  const at = (member: string) => server.trl(`lab/sweep/1/${member}`);
  const read = (member: string) => tangoSignalR(null, at(member));

  before(async function () {
    this.timeout(60_000);
    server = await startTangoSweep();
    const printed = await runPython("test/peers/tango/readSweep.py", [server.trl("lab/sweep/1")]);
    peer = (JSON.parse(printed) as { attributes: Record<string, PeerAttribute> }).attributes;
  });
  after(() => server.stop());

  it("has the same values, setpoints, qualities and times", async () => {
    expect(Object.keys(peer).length).to.equal(126);
    for (const [name, theirs] of Object.entries(peer)) {
      if (theirs.value === undefined || theirs.value === null) continue;
      if (theirs.writable === "WRITE") continue;
      await withConnected(read(name), async (signal) => {
        const reading = (await signal.read()).it;
        if (name !== "polled")
          expect(withoutEmptyRows(plain(reading?.value)), name).to.deep.equal(withoutEmptyRows(theirs.value));
        expect(reading?.alarm_severity, name).to.equal(SEVERITIES[theirs.quality ?? ""]);
        expect(reading?.timestamp, name).to.be.closeTo(theirs.timestamp ?? 0, 60);
      });
      if (theirs.writable !== "READ_WRITE") continue;
      await withConnected(tangoSignalRw(null, at(name)), async (both) => {
        const { setpoint } = await both.locate();
        expect(withoutEmptyRows(plain(setpoint)), name).to.deep.equal(withoutEmptyRows(theirs.set));
      });
    }
  });

  it("has the same units, choices, limits and shapes", async () => {
    for (const [name, theirs] of Object.entries(peer)) {
      if (theirs.writable === "WRITE") continue;
      await withConnected(read(name), async (signal) => {
        const key = ((await signal.describe()) as Record<string, DataKey>).it;
        const { control, warning, alarm } = theirs;
        const limits = Object.fromEntries(
          Object.entries({ control, warning, alarm }).filter(([, range]) => range !== null),
        );
        expect(key?.units ?? "", name).to.equal(theirs.unit);
        if (theirs.choices.length > 0) expect(key?.choices, name).to.deep.equal(theirs.choices);
        expect(key?.limits ?? {}, name).to.deep.equal(limits);
        expect(key?.shape.length, name).to.equal({ SCALAR: 0, SPECTRUM: 1, IMAGE: 2 }[theirs.format]);
      });
    }
  });

  it("gives the same errors, with escape sequences in no message", async () => {
    const failing = Object.entries(peer).filter(([, { errors }]) => errors);
    expect(failing.map(([name]) => name)).to.deep.equal(["never", "nothing", "several"]);
    for (const [name, { errors = [] }] of failing) {
      await withConnected(read(name), async (signal) => {
        const error = (await failure(Promise.resolve(signal.read()))) as TangoError;
        expect(
          error.errors.map(({ reason, desc }) => [reason, desc]),
          name,
        ).to.deep.equal(errors);
        expect(error.message, name).to.match(new RegExp(`^cannot read lab/sweep/1/${name}: `));
        expect(error.message, name).not.to.match(/[\p{Cc}]/u);
      });
    }
  });

  it("rejects a value of quality INVALID", async () => {
    const invalid = Object.entries(peer).filter(([, { quality }]) => quality === "ATTR_INVALID");
    expect(invalid.map(([name]) => name)).to.deep.equal(["qualityInvalid", "qualityInvalids", "qualityInvalidString"]);
    for (const [name, { value }] of invalid) {
      expect(value).to.equal(null);
      await withConnected(read(name), async (signal) =>
        expect(await failureText(Promise.resolve(signal.read()))).to.equal(
          `lab/sweep/1/${name} has no value at present (quality INVALID)`,
        ),
      );
    }
  });

  it("takes values of every type and length, which PyTango's client then reads", async () => {
    const values: Readonly<Record<string, unknown>> = {
      DevShort_0: -5,
      DevUShort_0: 65_535,
      DevLong_0: -70_000,
      DevULong_0: 4_000_000_000,
      DevLong64_0: -(2n ** 63n),
      DevULong64_0: 2n ** 64n - 1n,
      DevUChar_0: 255,
      DevFloat_0: 0.1,
      DevDouble_0: -1e-310,
      DevBoolean_0: false,
      DevString_0: "größer",
      DevState_0: "MOVING",
      DevEnum_0: "a b",
      DevShort_spectrum: [1, 2, 3, 4, 5],
      DevULong64_spectrum: [1n, 2n ** 63n],
      DevFloat_spectrum: new Float32Array([0.5, 1e-40]),
      DevDouble_spectrum: [],
      DevBoolean_spectrum: [false],
      DevString_spectrum: ["a", "größer", ""],
      DevState_spectrum: ["OFF", "CLOSE"],
      DevEnum_spectrum: ["größer", "größer"],
      DevUChar_image: [[1, 2, 3, 4]],
      DevDouble_image: [[1], [2], [3]],
      DevLong64_image: [[1n], [2n]],
      DevString_image: [["a", "b"]],
      DevEnum_image: [["zu"], ["a b"]],
      encoded: { format: "größe", data: new Uint8Array([255, 0, 1]) },
      tracking: new Float64Array(100).fill(1.5),
    };
    for (const [name, value] of Object.entries(values))
      await withConnected(tangoSignalRw(null, at(name)), (signal) => signal.set(value));
    const printed = await runPython("test/peers/tango/readSweep.py", [server.trl("lab/sweep/1")]);
    const { attributes } = JSON.parse(printed) as { attributes: Record<string, PeerAttribute> };
    for (const [name, value] of Object.entries(values)) {
      const expected = name === "DevFloat_0" ? Math.fround(0.1) : plain(value);
      expect(attributes[name]?.set, name).to.deep.equal(expected);
      expect(attributes[name]?.value, name).to.deep.equal(name === "tracking" ? [0.5, 0.5, 0.5] : expected);
    }
    await withConnected(tangoSignalRw(String, at("DevString_1")), async (text) =>
      expect(await failureText(text.set("€ 日本"))).to.contain("use characters of ISO 8859-1 only"),
    );
  });

  it("refuses values beyond every type, before they are sent", async () => {
    const beyond: Readonly<Record<string, readonly unknown[]>> = {
      DevShort_1: [2 ** 15, 0.5, "1", null, Number.NaN],
      DevUChar_1: [256, -1],
      DevULong64_1: [-1n, 2n ** 64n],
      DevLong64_1: [2 ** 53, 1.5],
      DevBoolean_1: [0, "true"],
      DevEnum_1: ["groesser", 1],
      DevState_1: ["Moving", 3],
      DevShort_spectrum: [[1, 2 ** 15], 1, "12"],
      encoded: [
        { format: "€", data: new Uint8Array(1) },
        { format: "raw", data: [1] },
      ],
      DevDouble_image: [
        [[1], [1, 2]],
        [1, 2],
      ],
    };
    for (const [name, values] of Object.entries(beyond)) {
      await withConnected(tangoSignalRw(null, at(name)), async (signal) => {
        for (const value of values)
          expect(await failureText(signal.set(value)), `${name} ${String(value)}`).to.match(
            new RegExp(`^cannot set lab/sweep/1/${name} to .*: use `),
          );
      });
    }
  });

  it("executes commands with arguments of every type", async () => {
    const strings = ["größer", ""];
    const numbers = { DevVarLongStringArray: [1, -2], DevVarDoubleStringArray: [0.5, Number.NaN] };
    const values: Readonly<Record<string, unknown>> = {
      DevShort: -5,
      DevUShort: 65_535,
      DevLong: -70_000,
      DevULong: 4_000_000_000,
      DevLong64: -(2n ** 63n),
      DevULong64: 2n ** 64n - 1n,
      DevFloat: 0.5,
      DevDouble: Number.NaN,
      DevBoolean: true,
      DevString: "größer\n",
      DevState: "MOVING",
      DevEncoded: { format: "größe", data: new Uint8Array([255, 0, 1]) },
      DevVarCharArray: [0, 255],
      DevVarShortArray: [-1, 2],
      DevVarUShortArray: [1, 65_535],
      DevVarLongArray: [-70_000],
      DevVarULongArray: [4_000_000_000],
      DevVarLong64Array: [-(2n ** 63n), 5n],
      DevVarULong64Array: [2n ** 64n - 1n],
      DevVarFloatArray: [0.5],
      DevVarDoubleArray: [],
      DevVarStringArray: strings,
      DevVarBooleanArray: [true, false],
      DevVarLongStringArray: { numbers: numbers.DevVarLongStringArray, strings },
      DevVarDoubleStringArray: { numbers: numbers.DevVarDoubleStringArray, strings },
    };
    for (const [type, value] of Object.entries(values)) {
      const echo = tangoCommand(at(`Echo${type}`));
      await echo.connect();
      const result = await echo.execute(value);
      const mixed = numbers[type as keyof typeof numbers];
      if (mixed)
        expect(
          [plain((result as { numbers: unknown }).numbers), (result as { strings: unknown }).strings],
          type,
        ).to.deep.equal([plain(mixed), strings]);
      else expect(plain(result), type).to.deep.equal(plain(value));
      await echo.dispose();
    }
  });

  it("reports all its states, by its attribute and in its display", async () => {
    const goTo = tangoCommand(at("GoTo"));
    const state = read("state");
    await Promise.all([goTo.connect(), state.connect()]);
    const seen: unknown[] = [];
    for (let i = 0; i < 14; i++) {
      await goTo.execute(i);
      seen.push(await state.getValue());
    }
    expect(seen).to.deep.equal(
      // A device that says ON has the state ALARM while any of its attributes is in alarm.
      "ALARM OFF CLOSE OPEN INSERT EXTRACT MOVING STANDBY FAULT INIT RUNNING ALARM DISABLE UNKNOWN".split(" "),
    );
    await Promise.all([goTo.dispose(), state.dispose()]);
  });

  it("has attributes whose names are written in another case, with other characters, or as members of objects", async () => {
    for (const [name, value] of Object.entries({
      ODDcase_1: 4.5,
      "with-dash.dot": 5.5,
      constructor: 6.5,
      toString: "mine",
    })) {
      await withConnected(read(name), async (signal) => expect(await signal.getValue(), name).to.equal(value));
    }
    const device = new TangoDevice(server.trl("lab/sweep/1"), { name: "device" });
    await device.connect();
    expect(await (device.attributes.get("constructor") as SignalR).getValue()).to.equal(6.5);
    expect(await (device as unknown as { toString_: SignalR }).toString_.getValue()).to.equal("mine");
    expect(String(device.attributes.get("with-dash.dot"))).to.be.a("string");
    await device.dispose();
  });

  it("tells that an attribute has vanished, and reads it when it is there again", async () => {
    const [appear, vanish] = [tangoCommand(at("Appear")), tangoCommand(at("Vanish"))];
    await Promise.all([appear.connect(), vanish.connect()]);
    expect((await failure(read("passing").connect())).message).to.contain("passing");
    await appear.execute();
    const signal = read("passing");
    await signal.connect();
    expect(await signal.getValue()).to.equal(9.5);
    await vanish.execute();
    const gone = await failure(Promise.resolve(signal.getValue()));
    expect(gone.message).to.match(/^cannot read lab\/sweep\/1\/passing: .*passing.*not found/i);
    await appear.execute();
    expect(await signal.getValue()).to.equal(9.5);
    await vanish.execute();
    await Promise.all([signal, appear, vanish].map((one) => one.dispose()));
  });

  it("describes and checks what an operator has configured since it was connected", async () => {
    const signal = tangoSignalRw(Number, at("configured"));
    const reconfigure = tangoCommand(at("Reconfigure"));
    await Promise.all([signal.connect(), reconfigure.connect()]);
    expect((await failure(Promise.resolve(signal.set(20)))).message).to.contain("the device allows -5 µm to 5 µm");
    await reconfigure.execute();
    const key = ((await signal.describe()) as Record<string, DataKey>)[""];
    expect([key?.units, key?.precision, key?.limits]).to.deep.equal([
      "mm",
      4,
      { control: { low: -5, high: 50 }, warning: { low: -3, high: 30 }, alarm: { low: -4, high: 40 } },
    ]);
    await signal.set(20);
    expect((await failure(Promise.resolve(signal.set(51)))).message).to.equal(
      "cannot set lab/sweep/1/configured to 51 mm: the device allows -5 mm to 50 mm",
    );
    await Promise.all([signal.dispose(), reconfigure.dispose()]);
  });
});
