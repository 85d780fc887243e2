/** Tests of Tango's pipes, and of a device in C++ with 90 attributes, against the test device of the Tango project. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { disposeDevices, generateTangoClass, initDevices, SignalR, TangoDevice, tangoPipe } from "../../lib/index";
import { count } from "../../lib/plans";
import { AttributeDataType } from "../../lib/tango/values/deviceIdl";
import type { PipeElement } from "../../lib/tango/values/pipeIdl";
import { blobFields, blobOf } from "../../lib/tango/values/pipeValue";
import { hasTangoTest, startTango, startTangoTest, type TangoServer } from "../peers/tango";
import { failureText } from "../support/failure";
import { quietEngine } from "../support/quietEngine";

/** What the pipe of TangoTest contains, as PyTango 9.3 reads it. */
const BLOB = { FirstDE: "The string", SecondDE: 666, ThirdDE: 12 };

describe("a pipe of a Tango device", function () {
  this.timeout(30_000);
  let server: TangoServer;
  before(async function () {
    if (!hasTangoTest()) this.skip();
    server = await startTangoTest();
  });
  after(() => server?.stop());
  const at = (name: string) => server.trl(`sys/tg_test/1/${name}`);

  it("is read as an object, and followed", async () => {
    const devices = await initDevices({ pipe: tangoPipe(at("string_long_short_ro"), { polling: { period: 0.02 } }) });
    const { pipe } = devices;
    expect(await pipe.getValue()).to.deep.equal(BLOB);
    const reading = (await pipe.read())["pipe"];
    expect(reading?.timestamp).to.be.closeTo(Date.now() / 1000, 60);
    const followed = await new Promise((resolve) => {
      const subscription = pipe.value$.subscribe(({ value }) => {
        resolve(value);
        queueMicrotask(() => subscription.unsubscribe());
      });
    });
    expect(followed).to.deep.equal(BLOB);
    expect(pipe.source).to.equal(`tango://127.0.0.1:${server.port}/sys/tg_test/1/string_long_short_ro#dbase=no`);
    await pipe.pingConnection();
    await disposeDevices(devices);
  });

  it("is a member of its device, and is recorded with a key for each value", async () => {
    const devices = await initDevices({ x: new TangoDevice(server.trl("sys/tg_test/1")) });
    const { x } = devices;
    expect([...x.pipes.keys()]).to.deep.equal(["string_long_short_ro"]);
    for (const attribute of x.attributes.values()) if (attribute instanceof SignalR) x.setFormat(attribute, "omit");
    x.setFormat(x.pipes.get("string_long_short_ro"), "uncached", { flatten: true });
    const { RE } = quietEngine();
    const run = await RE(count([x], 1));
    expect(run.exitStatus).to.equal("success");
    const [row] = run.table().rows();
    expect(row).to.deep.include({
      "x-string_long_short_ro-FirstDE": "The string",
      "x-string_long_short_ro-SecondDE": 666,
      "x-string_long_short_ro-ThirdDE": 12,
    });
    await disposeDevices(devices);
  });

  it("is a member of the class file of its device", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pipe-"));
    try {
      const path = await generateTangoClass(server.trl("sys/tg_test/1"), { file: join(folder, "test.ts") });
      const text = readFileSync(path, "utf8");
      expect(text).to.contain('readonly string_long_short_ro = tangoPipe(this.member("string_long_short_ro"));');
      expect(text).to.match(/^import \{[^}]*\btangoPipe\b[^}]*\} from "secop-lab";$/m);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("that does not exist is an error, as is a pipe of a device of Tango 10, which has none", async () => {
    expect(await failureText(() => tangoPipe(at("nothing")).connect())).to.contain(
      "cannot read the pipe sys/tg_test/1/nothing: ",
    );
    const other = await startTango();
    try {
      const devices = await initDevices({ x: new TangoDevice(other.trl("lab/test/1")) });
      expect(devices.x.pipes.size).to.equal(0);
      expect(() => devices.x.pipes.get("any")).to.throw(`has no pipe "any": it is not connected, or has none`);
      await disposeDevices(devices);
      expect(await failureText(() => tangoPipe(other.trl("lab/test/1/any")).connect())).to.contain(
        "cannot read the pipe lab/test/1/any: ",
      );
    } finally {
      await other.stop();
    }
  });

  it("is beside attributes of every type, which are read and set as well", async () => {
    const devices = await initDevices({ x: new TangoDevice(server.trl("sys/tg_test/1")) });
    const { x } = devices;
    const read = async (name: string) => {
      const signal = x.attributes.get(name);
      return signal instanceof SignalR ? await signal.getValue({ cached: false }) : undefined;
    };
    const failed: string[] = [];
    for (const name of x.attributes.keys()) {
      await read(name).catch((error: Error) => failed.push(`${name}: ${error.message}`));
    }
    // TangoTest has these two on purpose.
    expect(failed).to.have.length(2);
    expect(failed[0]).to.contain("cannot read sys/tg_test/1/no_value: ");
    expect(failed[1]).to.contain("cannot read sys/tg_test/1/throw_exception: ");
    expect(await read("short_scalar_ro")).to.be.a("number");
    expect(await x.commands.get("DevVarDoubleStringArray").execute({ numbers: [1.5], strings: ["a"] })).to.deep.equal({
      numbers: new Float64Array([1.5]),
      strings: ["a"],
    });
    await disposeDevices(devices);
  });
});

describe("the value of a Tango pipe", () => {
  const element = (name: string, type: keyof typeof AttributeDataType, value: unknown): PipeElement => {
    const discriminator = AttributeDataType[type];
    return { name, value: { discriminator, value }, inner_blob: [], inner_blob_name: "" };
  };
  const inner = { ...element("inner", "none", false), inner_blob: [element("on", "boolean", [true])] };
  const blob = blobOf({
    name: "p",
    time: { tv_sec: 1, tv_usec: 0, tv_nsec: 0 },
    data_blob: {
      name: "b",
      blob_data: [
        element("small", "long64", BigInt64Array.of(-3n)),
        element("large", "ulong64", BigUint64Array.of(2n ** 60n + 1n)),
        element("list", "double", Float64Array.of(1, 2)),
        element("state", "state", "ON"),
        element("raw", "encoded", [{ encoded_format: "json", encoded_data: Uint8Array.of(123) }]),
        inner,
      ],
    },
  });

  it("has scalars, lists, states, encoded data and blobs, and integers with all of their digits", () => {
    expect(blob).to.deep.equal({
      small: -3,
      large: 2n ** 60n + 1n,
      list: Float64Array.of(1, 2),
      state: "ON",
      raw: { format: "json", data: Uint8Array.of(123) },
      inner: { on: true },
    });
  });

  it("is described by the types of its members", () => {
    const keys = Object.fromEntries([...blobFields(blob)].map(([name, { dataKey }]) => [name, dataKey]));
    expect(keys).to.deep.equal({
      small: { dtype: "number", dtype_numpy: "<f8", shape: [] },
      large: { dtype: "integer", dtype_numpy: "<i8", shape: [] },
      list: { dtype: "array", shape: [null] },
      state: { dtype: "string", dtype_numpy: "|S40", shape: [] },
      raw: { dtype: "array", shape: [null] },
      inner: { dtype: "array", shape: [null] },
    });
  });

  it("has no members while the device has not answered", () => {
    const { pick } = blobFields(blob).get("small") ?? {};
    expect(pick?.(blob)).to.equal(-3);
    expect(pick?.(undefined as never)).to.equal(undefined);
  });
});
