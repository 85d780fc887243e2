/** A simulated camera that writes image files. */

import { startTimer } from "../../clock";
import {
  $sourceIdentity,
  announceSource,
  type DataSource,
  type SourceIdentity,
} from "../../core/protocols/dataSources";
import type { SignalR, SignalRW } from "../../core/signal/signal";
import { softSignalRAndSetter, softSignalRw } from "../../core/signal/softSignal";
import type { PathProvider } from "../../core/standard/pathProvider";
import { type DetectorControl, StandardDetector, type TriggerInfo } from "../../core/standard/standardDetector";
import { causedByUs } from "../../core/status/unwatchedFailures";
import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { seededRandom } from "../../randomSource";
import type { SimMotor } from "./simMotor";
import { TiffWriter } from "./tiffWriter";

/** The image of a simulated camera, and the folder of its files. */
export interface SimImageDetectorOptions {
  /** Directory of the images, or a function that returns it for each run; default `./data/`. */
  readonly dir?: string | PathProvider;
  /** Size in pixels; default 320 by 240. */
  readonly size?: readonly [width: number, height: number];
  /** The spot follows the motors `x` and `y`: one pixel per unit, from the middle of the image. */
  readonly x?: SimMotor;
  readonly y?: SimMotor;
  /** Radius of the spot in pixels; default 20. */
  readonly sigma?: number;
  /** Counts at the middle of the spot; default 1000. */
  readonly height?: number;
  /** Exposure of a frame in seconds; default 0. */
  readonly exposure?: number;
  /** Seed of the noise; default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionNames<SimImageDetectorOptions> = {
  dir: true,
  size: true,
  x: true,
  y: true,
  sigma: true,
  height: true,
  exposure: true,
  seed: true,
};

/**
 * A camera in memory that sees a spot of light and writes each frame as a 16-bit TIFF file. Its hinted value
 * is the sum of the last frame.
 */
export class SimImageDetector extends StandardDetector implements DataSource {
  /** Exposure of a frame in seconds. */
  readonly exposure: SignalRW<number>;
  /** Sum of all counts in the last frame. */
  readonly sum: SignalR<number>;
  readonly #seed: number;

  constructor(name = "", options: SimImageDetectorOptions = {}) {
    checkOptions("SimImageDetector", options, OPTIONS);
    const { dir = "data", size = [320, 240], exposure = 0 } = options;
    const writer = new TiffWriter(typeof dir === "string" ? () => dir : dir, size[0], size[1]);
    const [sum, setSum] = softSignalRAndSetter<number>(0, { units: "counts", dtype: "integer" });
    const exposureSignal = softSignalRw<number>(exposure, { units: "s", limits: [0, 2_000_000] });
    const camera = new Camera(options, size, exposureSignal, async (pixels) => {
      await writer.write(pixels);
      setSum(pixels.reduce((a, b) => a + b, 0));
    });
    super(camera, writer);
    this.exposure = exposureSignal;
    this.sum = sum;
    this.#seed = options.seed ?? 0;
    this.addReadables([this.sum]);
    this.addReadables([this.exposure], "config");
    this.setName(name);
    announceSource(this);
  }

  /** The seed of its noise. */
  [$sourceIdentity](): SourceIdentity {
    return { kind: "simulation", name: this.name, facts: { seed: this.#seed } };
  }
}

/** Exposes frames one after the other. */
class Camera implements DetectorControl {
  readonly #options: SimImageDetectorOptions;
  readonly #size: readonly [number, number];
  readonly #exposure: SignalRW<number>;
  readonly #onFrame: (pixels: Uint16Array) => Promise<void>;
  readonly #random: () => number;
  #abort: AbortController | undefined;

  constructor(
    options: SimImageDetectorOptions,
    size: readonly [number, number],
    exposure: SignalRW<number>,
    onFrame: (pixels: Uint16Array) => Promise<void>,
  ) {
    this.#options = options;
    this.#size = size;
    this.#exposure = exposure;
    this.#onFrame = onFrame;
    this.#random = seededRandom(options.seed ?? 0);
  }

  async prepare({ exposure, trigger = "internal" }: TriggerInfo): Promise<void> {
    if (trigger !== "internal") {
      throw new UsageError(`a simulated camera has no trigger input: use "internal", not "${trigger}"`);
    }
    if (exposure !== undefined) await this.#exposure.set(exposure);
  }

  async acquire(frames: number): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const seconds = await this.#exposure.getValue();
    for (let i = 0; i < frames; i += 1) {
      await exposed(seconds, abort.signal);
      await this.#onFrame(this.#image());
    }
  }

  stop(): void {
    this.#abort?.abort(causedByUs(new Error("the detector was stopped")));
    this.#abort = undefined;
  }

  #image(): Uint16Array {
    const { x, y, sigma = 20, height = 1000 } = this.#options;
    const [columns, rows] = this.#size;
    const pixels = new Uint16Array(columns * rows);
    const [centreX, centreY] = [columns / 2 + (x?.position ?? 0), rows / 2 + (y?.position ?? 0)];
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const distance = ((column - centreX) ** 2 + (row - centreY) ** 2) / (2 * sigma * sigma);
        pixels[row * columns + column] = Math.min(65_535, height * Math.exp(-distance) + 10 * this.#random());
      }
    }
    return pixels;
  }
}

/** Waits for the exposure; rejects when it is aborted. */
function exposed(seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  if (seconds === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      timer.cancel();
      reject(signal.reason);
    };
    const timer = startTimer(seconds, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}
