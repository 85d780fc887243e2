/** Ends at every message of an acquisition of a SEC node: nothing acquires after it. */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import { SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { bpp, bps } from "../../../lib/plans";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { atMessage } from "../../support/atMessage";
import { quietEngine } from "../../support/quietEngine";

describe("An acquisition of a SECoP node at every moment", function () {
  this.timeout(60_000);

  it("is stopped by abort, stop and halt, and so is its preparation", async () => {
    const sim = await startSimNode({ version: "2.0", speed: 5, modules: ["camera"] });
    const node = new SecopNodeDevice(sim.uri, { name: "lab", logDir: "", logLevel: "CRITICAL" });
    await node.connect();
    const { camera } = node;
    try {
      const acquire = () =>
        bpp.runWrapper(
          (function* (): Plan<void> {
            yield* bps.prepare(camera, 60, { wait: true, group: "prepare" });
            yield* bps.trigger(camera, { group: "frame" });
            yield* bps.null_();
            yield* bps.sleep(0.01);
            yield* bps.wait("frame");
          })(),
        );
      for (const verb of ["abort", "stop", "halt"] as const) {
        for (const later of [false, true]) {
          for (let index = 0; index < 7; index += 1) {
            const { RE } = quietEngine();
            atMessage(RE, index, later, () => void RE[verb]());
            const run = await RE(acquire());
            expect(run.interrupted, `${verb} at message ${index}`).to.equal(true);
            await camera.waitForIdle({ timeout: 2 });
          }
        }
      }
    } finally {
      await node.dispose();
      await sim.close();
    }
  });
});
