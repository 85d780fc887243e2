import { expect } from "chai";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { watch } from "../../../lib/core/signal/watch";
import type { MimeBundle } from "../../../lib/display/bundle";
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
      expect(new Set(host.frames.map(({ id }) => id)).size).to.equal(1);
      expect(host.frames.map(({ update }) => update ?? false)).to.deep.equal([false, true]);
    } finally {
      host.release();
    }
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
