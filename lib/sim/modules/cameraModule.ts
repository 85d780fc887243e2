/** The module `camera` of the default node: an acquisition with a matrix, as in SECoP 2.0. */

import { STATUS } from "../../secop/values/moduleStatus";
import type { CommandDefinition, JsonObject, ModuleDefinition, ModuleSelf } from "../node/moduleDefinition";
import { POLL_INTERVAL, statusParameter } from "./standardParameters";

/** The size of the image in pixels. */
const WIDTH = 32;
const HEIGHT = 24;
/** Counts per second in the brightest pixel. */
const RATE = 50;
/** Seconds that a preparation takes. */
const PREPARATION = 0.5;

const IMAGE: JsonObject = { type: "matrix", names: ["x", "y"], maxlen: [WIDTH, HEIGHT], elementtype: "<u4" };

/** A camera that counts until its goal, and can be held. */
export function cameraModule(self: ModuleSelf): ModuleDefinition {
  const exposure = new Exposure((code, text) => self.status(code, text));
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
      status: statusParameter("IDLE", "PREPARED", "BUSY", "PREPARING", "ERROR"),
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
      ...commandsOf(exposure),
      get_data: { description: "The image.", result: IMAGE, run: () => image(exposure.time) },
    },
    step: (dt) => exposure.pass(dt, self.get<boolean>("goal_enable") ? self.get<number>("goal") : undefined),
  };
}

function commandsOf(exposure: Exposure): Record<string, CommandDefinition> {
  return {
    go: {
      description: "Start from zero, or go on with what is held. Nothing happens while it counts.",
      run: () => exposure.go(),
    },
    prepare: {
      description: "Cool the sensor, as for the next counting.",
      run: () => exposure.prepare(),
    },
    hold: { description: "Interrupt the counting; `go` goes on with it.", run: () => exposure.hold() },
    stop: {
      description: "End the counting, also one that is held, or the preparation.",
      run: () => exposure.stop(),
    },
  };
}

type ExposureState = "idle" | "preparing" | "counting" | "held";

/** The exposure: preparation, counting and holding. */
class Exposure {
  /** Seconds counted so far. */
  time = 0;
  readonly #setStatus: (code: number, text: string) => void;
  #state: ExposureState = "idle";
  /** Simulated seconds until the preparation is done. */
  #preparation = 0;

  constructor(setStatus: (code: number, text: string) => void) {
    this.#setStatus = setStatus;
  }

  go(): void {
    if (this.#state === "counting") return;
    if (this.#state !== "held") this.time = 0;
    this.#enter("counting", STATUS.BUSY, "counting");
  }

  prepare(): void {
    if (this.#state !== "idle") return;
    this.#preparation = PREPARATION;
    this.#enter("preparing", STATUS.PREPARING, "cooling the sensor");
  }

  hold(): void {
    if (this.#state === "counting") this.#enter("held", STATUS.IDLE, "held");
  }

  stop(): void {
    if (this.#state !== "idle") this.#enter("idle", STATUS.IDLE, "stopped");
  }

  /** Lets simulated time pass. Without a goal it counts until it is stopped. */
  pass(seconds: number, goal: number | undefined): void {
    if (this.#state === "preparing") {
      this.#preparation -= seconds;
      if (this.#preparation <= 0) this.#enter("idle", STATUS.PREPARED, "cold");
    }
    if (this.#state !== "counting") return;
    this.time += seconds;
    if (goal === undefined || this.time < goal) return;
    this.time = goal;
    this.#enter("idle", STATUS.IDLE, "done");
  }

  #enter(state: ExposureState, code: number, text: string): void {
    this.#state = state;
    this.#setStatus(code, text);
  }
}

/** A Gaussian spot after `seconds` of counting, row by row. */
function image(seconds: number): { shape: number[]; data: Uint32Array } {
  const data = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, n) => {
    const x = (n % WIDTH) - WIDTH / 2;
    const y = Math.floor(n / WIDTH) - HEIGHT / 2;
    return Math.round(RATE * seconds * Math.exp(-(x * x + y * y) / 32));
  });
  return { shape: [HEIGHT, WIDTH], data };
}
