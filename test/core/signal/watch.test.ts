import { expect } from "chai";
import { SignalR } from "../../../lib/core/signal/signal";
import { SoftSignalBackend, softSignalRw } from "../../../lib/core/signal/softSignal";
import { watch } from "../../../lib/core/signal/watch";
import { $display, type MimeBundle } from "../../../lib/display/mimeBundle";
import { RecordingHost } from "../../support/recordingHost";

/** Resolves with the next bundle that is displayed. */
function nextFrame(host: RecordingHost): Promise<MimeBundle> {
  return new Promise((resolve) => {
    const display = host.display.bind(host);
    host.display = (bundle, options) => {
      host.display = display;
      display(bundle, options);
      resolve(bundle);
    };
  });
}

describe("watch", () => {
  it("updates the same output when the object looks different, and only then, until it is stopped", async () => {
    const host = new RecordingHost(true);
    try {
      const signal = softSignalRw(1, { name: "s" });
      const view = await watch(signal, { period: 0.001 });
      const frame = nextFrame(host);
      await signal.set(2);
      expect((await frame)["text/plain"]).to.contain("s · 2");
      view.stop();
      expect(view[$display]()).to.deep.equal({ "text/plain": "" });
      expect(new Set(host.frames.map(({ id }) => id)).size).to.equal(1);
      expect(host.frames.map(({ update }) => update ?? false)).to.deep.equal([false, true]);
    } finally {
      host.release();
    }
  });

  it("shows the newest state when it is stopped before the next look", async () => {
    const host = new RecordingHost(true);
    try {
      const signal = softSignalRw(1, { name: "s" });
      const view = await watch(signal, { period: 1000 });
      await signal.set(2);
      const frame = nextFrame(host);
      view.stop();
      expect((await frame)["text/plain"]).to.contain("s · 2");
      view.stop();
      await signal.set(3);
      expect(host.frames).to.have.length(2);
    } finally {
      host.release();
    }
  });

  it("shows the state that a status means by its code", async () => {
    const host = new RecordingHost(true);
    try {
      const names = { DISABLED: 0, IDLE: 100, WARN: 250, RAMPING: 370, ERROR: 400, ODD: 700 };
      const SECOP_datainfo = JSON.stringify({
        type: "tuple",
        members: [{ type: "enum", members: names }, { type: "string" }],
      });
      const states = [...Object.keys(names), "UNHEARD OF"].map((name) => {
        const signal = new SignalR(new SoftSignalBackend([name, "text"]), name);
        const described = async () => ({ [name]: { source: "", dtype: "array", shape: [2], SECOP_datainfo } });
        return Object.assign(signal, { describe: described });
      });
      const [first, ...others] = states;
      (await watch(first as SignalR<unknown>, ...others)).stop();
      const text = String(host.outputs.at(-1)?.["text/plain"]);
      const said = [...text.matchAll(/^(\S+) +([A-Z][A-Z ]*?) {2}/gm)].map(([, state, name]) => [name, state]);
      expect(said).to.deep.equal([
        ["DISABLED", "disabled"],
        ["IDLE", "fine"],
        ["WARN", "warning"],
        ["RAMPING", "busy"],
        ["ERROR", "error"],
        ["ODD", "warning"],
        ["UNHEARD OF", "fine"],
      ]);
    } finally {
      host.release();
    }
  });

  it("shows several signals as a table with states, units, a line of numbers, and the last change of words", async () => {
    const host = new RecordingHost(true);
    try {
      const backend = new SoftSignalBackend(1);
      const sensor = new SignalR(backend, "sensor");
      const heat = softSignalRw(20.5, { name: "heat", units: "K", precision: 2 });
      const mode = softSignalRw("off", { name: "mode", choices: ["off", "pid"] });
      const view = await watch(heat, mode, sensor, { period: 0.001 });
      await mode.set("pid");
      await heat.set(21);
      backend.post(Number.NaN, { alarm_severity: 2, message: "<b>broken</b>" });
      for (;;) if (String((await nextFrame(host))["text/plain"]).includes("error")) break;
      view.stop();
      const { "text/plain": text, "text/html": html } = host.outputs.at(-1) as Record<string, string>;
      expect(host.outputs).to.have.length(1);
      expect(text).to.match(/^watch · 3 signals\n/);
      expect(text).to.match(/fine +heat +21\.00 +K/);
      expect(text).to.match(/fine +mode +pid +off → pid \d\d:\d\d:\d\d/);
      expect(text).to.match(/error +sensor +NaN +<b>broken<\/b>/);
      expect(html).to.contain("&lt;b&gt;broken").and.not.contain("<b>broken");
      expect(String(html).match(/<img src="data:image\/png;base64,/g)).to.have.length(2);
      expect(html).to.match(/class="dot bad">✖<\/font> error/);
    } finally {
      host.release();
    }
  });

  it("refuses what cannot be watched", async () => {
    const signal = softSignalRw(1, { name: "s" });
    const refused = async (...given: unknown[]): Promise<string> =>
      (watch as (...all: unknown[]) => Promise<unknown>)(...given).then(
        () => "watched",
        (error: unknown) => String(error),
      );
    expect(await refused(signal, 5)).to.contain("give objects that show themselves, not 5");
    expect(await refused(signal, { [$display]: () => ({ "text/plain": "" }) })).to.contain(
      "only signals can be watched together",
    );
  });

  it("shows the object once where outputs cannot be updated", async () => {
    const host = new RecordingHost(false);
    try {
      await watch(softSignalRw(1, { name: "s" }), { period: 0.001 });
      expect(host.frames).to.have.length(1);
    } finally {
      host.release();
    }
  });
});
