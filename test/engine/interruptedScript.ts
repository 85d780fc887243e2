/**
 * A script for terminalInterrupt.test.ts: moves a device that never arrives, and prints the documents. A
 * second engine takes longer to end.
 */

import { makeRunEngine } from "../../lib/engine";
import { bpp, bps, mv } from "../../lib/plans";
import { HeldDevice } from "../support/heldDevice";

setInterval(() => undefined, 1000);
for (let engine = 0; engine < Number(process.argv[2] ?? 1); engine += 1) {
  const RE = makeRunEngine();
  const motor = new HeldDevice("motor");
  RE.subscribe((name, doc) => console.log(name, (doc as { reason?: string }).reason ?? ""));
  RE(bpp.finalizeWrapper(bpp.runWrapper(mv(motor, 1)), () => bps.sleep(engine * 0.05))).then(
    (run) => console.log(`${run.exitStatus}, stopped ${motor.stops.length} time`),
    (error: unknown) => console.log(error),
  );
  motor.started().then(
    () => console.log("moving"),
    () => undefined,
  );
}
