/** A script for terminalInterrupt.test.ts: moves a device that never arrives, and prints its documents. */
import { makeRunEngine } from "../../lib/engine";
import { bpp, mv } from "../../lib/plans";
import { HeldDevice } from "./heldDevice";

const RE = makeRunEngine();
const motor = new HeldDevice("motor");
RE.subscribe((name, doc) => console.log(name, (doc as { reason?: string }).reason ?? ""));
setInterval(() => undefined, 1000);
RE(bpp.runWrapper(mv(motor, 1))).then(
  (run) => console.log(`${run.exitStatus}, stopped ${motor.stops.length} time`),
  (error: unknown) => console.log(error),
);
motor.started().then(
  () => console.log("moving"),
  () => undefined,
);
