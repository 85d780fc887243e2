import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import { initDevices } from "../../../lib/core/device/initDevices";
import { SignalR } from "../../../lib/core/signal/signal";
import { SoftSignalBackend, softSignalRw } from "../../../lib/core/signal/softSignal";
import { Status, WatchableStatus } from "../../../lib/core/status/status";
import { $display } from "../../../lib/display/mimeBundle";

const text = async (object: { [$display](): unknown }): Promise<string> =>
  ((await object[$display]()) as { "text/plain": string })["text/plain"];

describe("displays of core objects", () => {
  it("show a signal with value, unit, limits and source", async () => {
    const signal = softSignalRw(3.25, { name: "t", units: "K", precision: 1, limits: [0, 325] });
    expect(await text(signal)).to.match(/^t · 3\.3 K · 0 … 325 · read \d\d:\d\d:\d\d · can be set · soft:\/\/t$/);
  });

  it("show a signal at once if its value is known", () => {
    expect(softSignalRw(3, { name: "t" })[$display]())
      .to.have.property("text/plain")
      .that.contains("t · 3 ·");
  });

  it("say why a signal has no value", async () => {
    const backend = new SoftSignalBackend(1);
    backend.post(Number.NaN, { alarm_severity: -1, message: "the sensor is unplugged" });
    const signal = new SignalR(backend, "s");
    expect(await text(signal)).to.contain("no value · the sensor is unplugged");
    expect((await signal[$display]())["text/html"]).to.contain('class="dot bad"');
  });

  it("show a device as a table of its children", async () => {
    class Slit extends Device {
      readonly gap = softSignalRw(1.5, { units: "mm" });
      readonly mode = softSignalRw("auto", { choices: ["auto", "manual"] });
    }
    const { slit } = await initDevices({ slit: new Slit() });
    const shown = await text(slit);
    expect(shown).to.match(/^slit · Slit\n/);
    expect(shown).to.match(/gap ✎ +1\.5 +mm/);
    expect(shown).to.match(/mode ✎ +auto +auto \| manual/);
  });

  it("say why signals of a device have no value", async () => {
    const backend = new SoftSignalBackend(1);
    class Bench extends Device {
      readonly t = new SignalR(backend);
      readonly x = softSignalRw(1);
    }
    const { bench } = await initDevices({ bench: new Bench() });
    expect(await text(bench)).to.not.contain("No value");
    backend.post(Number.NaN, { alarm_severity: -1, message: "BL:T is not connected: is the IOC there?" });
    const shown = await text(bench);
    expect(shown).to.match(/^bench · Bench\nNo value of t\. BL:T is not connected: is the IOC there\?\n/);
    expect(shown)
      .to.match(/^t +no value$/m)
      .and.match(/^x ✎ +1$/m);
  });

  it("show the values of the devices in a device, not the names of their classes", async () => {
    class Stage extends Device {
      readonly position = softSignalRw(1.5, { units: "mm", limits: [0, 10] });
    }
    class Table extends Device {
      readonly x = new Stage();
      readonly y = new Stage();
    }
    const { table } = await initDevices({ table: new Table() });
    const shown = await text(table);
    expect(shown).to.match(/x\.position ✎ +1\.5 +mm +0 … 10/);
    expect(shown).to.match(/y\.position ✎ +1\.5 +mm/);
    expect(shown).to.not.contain("Stage");
  });

  it("show the progress of an action, its end, or the reason of its failure", async () => {
    const moving = new WatchableStatus<void, number>((_resolve, _reject, report) => {
      report({ current: 13.35, initial: 13, target: 14, unit: "K", fraction: 0.35, time_remaining: 6 });
    }, "cryo");
    expect(await text(moving)).to.equal("cryo · under way · 13.35 → 14 K · 35 % · 6 s left");
    const begun = new WatchableStatus<void, number>((_resolve, _reject, report) => {
      report({ current: 4.3e-11, initial: 0, target: 1, unit: "mm", precision: 3 });
    }, "m");
    expect(await text(begun)).to.equal("m · under way · 0.000 → 1.000 mm");
    expect(await text(Status.completed("m"))).to.equal("m · done");
    expect(await text(Status.failed(new Error("stuck"), "m"))).to.equal("m · failed · stuck");
  });
});
