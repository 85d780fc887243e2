/** Tests of Tango's pipes, and of a device in C++ with 90 attributes, against the test device of the Tango project. */

import { expect } from "chai";
import { disposeDevices, initDevices, SignalR, TangoDevice, tangoPipe } from "../../lib/index";
import { count } from "../../lib/plans";
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
