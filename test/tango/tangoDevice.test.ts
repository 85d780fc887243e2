/** Tests of Tango devices that fill in their attributes and commands, against a PyTango server. */

import { expect } from "chai";
import { $display } from "../../lib/display/mimeBundle";
import { createRunEngine, initDevices, type SignalR, type SignalRW, TangoDevice, tangoSignalRw } from "../../lib/index";
import { startTango, type TangoServer } from "../peers/tango";
import { failure } from "../support/failure";

class Bench extends TangoDevice {
  readonly position: SignalRW<number>;

  constructor(trl: string) {
    super(trl);
    this.position = tangoSignalRw(Number, `${trl.split("#")[0]}/Position#dbase=no`);
  }
}

describe("a Tango device", () => {
  let server: TangoServer;
  before(async () => {
    server = await startTango();
  });
  after(() => server.stop());

  it("fills in the attributes and commands that it reports, with a trailing _ if a name is taken", async () => {
    const { lab } = await initDevices({ lab: new TangoDevice(server.trl("lab/test/1")) });
    expect(lab.info).to.deep.include({ dev_class: "Everything", server_id: "lab/one" });
    expect([...lab.commands.keys()])
      .to.include.members(["Sum", "Echo", "Init"])
      .and.not.include("State");
    const x = lab.attributes.get("x") as SignalRW;
    expect(x.name).to.equal("lab-x");
    await x.set(3);
    expect(await x.getValue()).to.equal(3);
    expect((lab as unknown as { x: unknown }).x).to.equal(x);
    expect(await lab.commands.get("Sum")?.execute([1, 2])).to.equal(3);
    expect(await (lab.attributes.get("State") as SignalR).getValue()).to.equal("STANDBY");
    expect(lab.attributes.get("parent")).to.equal((lab as unknown as { parent_: unknown }).parent_);
    expect(lab.parent).to.equal(null);
    expect(lab.hints.fields).to.include("lab-x").and.not.include("lab-expert");
    expect([lab.formatOf(x), lab.formatOf(lab.attributes.get("State") as SignalR)]).to.deep.equal([
      "hinted",
      "uncached",
    ]);
    expect(lab.formatOf(lab.attributes.get("expert") as SignalR)).to.equal("omit");
    await lab.dispose();
  });

  it("displays its members, and escapes the texts of the device in HTML", async () => {
    const { lab } = await initDevices({ lab: new TangoDevice(server.trl("lab/test/1")) });
    const shown = await lab[$display]();
    expect(shown["text/plain"])
      .to.match(/^lab · TangoDevice\n/)
      .and.match(/^x ✎ .* mm .*-10 … 10$/m);
    const sum = await lab.commands.get("Sum")?.[$display]();
    expect(sum?.["text/plain"]).to.match(/^lab-Sum · takes a list of numbers \(double\) · gives a number \(double\)\n/);
    const mark = await lab.commands.get("Mark")?.[$display]();
    expect(mark?.["text/html"]).to.contain("&lt;b&gt;bold").and.not.contain("<b>bold");
    await lab.dispose();
  });

  it("does not fill in members that its class declares", async () => {
    const { bench } = await initDevices({ bench: new Bench(server.trl("lab/motor/1")) });
    expect([...bench.attributes.keys()]).to.deep.equal(["velocity", "State", "Status"]);
    const position: number = await bench.position.getValue();
    expect(position).to.equal(0);
    await bench.dispose();
    const { empty } = await initDevices({ empty: new TangoDevice(server.trl("lab/motor/1"), { autoFill: false }) });
    expect(empty.attributes.size + empty.commands.size).to.equal(0);
    await empty.dispose();
  });

  it("can be connected again after dispose, with the same signals", async () => {
    const device = new TangoDevice(server.trl("lab/motor/1"), { name: "m" });
    await device.connect();
    const position = device.attributes.get("position") as SignalR;
    await device.dispose();
    expect((await failure((async () => await position.getValue())())).message).to.contain("connect its device first");
    await device.connect();
    expect(device.attributes.get("position")).to.equal(position);
    expect(await position.getValue()).to.equal(0);
    await device.dispose();
  });

  it("reports a server that does not answer, and needs no server when it is mocked", async () => {
    const device = new TangoDevice("tango://127.0.0.1:1/lab/test/1#dbase=no");
    expect((await failure(initDevices({ device }))).message).to.equal(
      "1 device could not be connected:\n  device: cannot connect to tango://127.0.0.1:1/lab/test/1#dbase=no: no connection to 127.0.0.1:1: no server listens on this port",
    );
    const mocked = new Bench(server.trl("lab/motor/1"));
    await mocked.connect({ mock: true });
    await mocked.position.set(4);
    expect(await mocked.position.getValue()).to.equal(4);
  });

  it("works with devices that are older than Tango 9", async () => {
    const { old } = await initDevices({ old: new TangoDevice(server.trl("lab/old/1")) });
    const x = old.attributes.get("x") as SignalRW;
    await x.set(2.5);
    expect(await x.locate()).to.deep.equal({ setpoint: 2.5, readback: 2.5 });
    expect((await x.describe())["old-x"]).to.deep.include({ dtype: "number", units: "A" });
    expect(await old.commands.get("Twice")?.execute(4)).to.equal(8);
    await old.dispose();
  });

  it("runs its commands as plans", async () => {
    const { lab } = await initDevices({ lab: new TangoDevice(server.trl("lab/test/1")) });
    const sum = lab.commands.get("Sum");
    if (!sum) throw new Error("the device has no Sum");
    const RE = createRunEngine({ live: false, store: false });
    const run = await RE(
      (function* () {
        return yield* sum.plan([1, 2, 3]);
      })(),
    );
    expect(run.planResult).to.equal(6);
    await lab.dispose();
  });
});
