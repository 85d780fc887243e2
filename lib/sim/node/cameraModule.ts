/** What SECoP 2.0 brings, in one module: an acquisition whose data is a matrix. */
import { STATUS } from "../../secop/status";
import type { JsonObject, ModuleDefinition, ModuleSelf } from "./definition";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

const WIDTH = 32;
const HEIGHT = 24;
/** Counts a second in the brightest pixel. */
const RATE = 50;

const IMAGE: JsonObject = { type: "matrix", names: ["x", "y"], maxlen: [WIDTH, HEIGHT], elementtype: "<u4" };

export function cameraModule(self: ModuleSelf): ModuleDefinition {
  const exposure = { time: 0, running: false };
  const finish = (text: string) => {
    exposure.running = false;
    self.status(STATUS.IDLE, text);
  };
  return {
    description: "Camera that sees one spot.",
    interface_classes: ["Acquisition", "Readable"],
    properties: { implementation: "secop_lab.sim.Camera" },
    parameters: {
      value: {
        description: "time it has counted",
        datainfo: { type: "double", unit: "s", min: 0, fmtstr: "%.2f" },
        read: () => exposure.time,
      },
      status: statusParameter("IDLE", "BUSY", "ERROR"),
      goal: {
        description: "time to count",
        datainfo: { type: "double", unit: "s", min: 0, max: 3600 },
        readonly: false,
        initial: 1,
      },
      goal_enable: {
        description: "whether the goal ends it",
        datainfo: { type: "bool" },
        readonly: false,
        initial: true,
      },
      _image: { description: "counts", datainfo: IMAGE, read: () => image(exposure.time) },
      pollinterval: POLL_INTERVAL,
    },
    commands: {
      go: {
        description: "Start from zero. Nothing happens while it counts.",
        run: () => {
          if (exposure.running) return;
          Object.assign(exposure, { time: 0, running: true });
          self.status(STATUS.BUSY, "counting");
        },
      },
      stop: {
        description: "End the counting.",
        run: () => {
          if (exposure.running) finish("stopped");
        },
      },
      get_data: { description: "The image.", result: IMAGE, run: () => image(exposure.time) },
    },
    step: (dt) => {
      if (!exposure.running) return;
      exposure.time += dt;
      if (!self.get<boolean>("goal_enable")) return;
      const goal = self.get<number>("goal");
      if (exposure.time < goal) return;
      exposure.time = goal;
      finish("done");
    },
  };
}

/** A Gaussian spot after `seconds`, row by row. */
function image(seconds: number): { shape: number[]; data: Uint32Array } {
  const data = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, n) => {
    const x = (n % WIDTH) - WIDTH / 2;
    const y = Math.floor(n / WIDTH) - HEIGHT / 2;
    return Math.round(RATE * seconds * Math.exp(-(x * x + y * y) / 32));
  });
  return { shape: [HEIGHT, WIDTH], data };
}
