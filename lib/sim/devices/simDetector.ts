/** A simulated point detector. */

import { startTimer } from "../../clock";
import {
  $sourceIdentity,
  announceSource,
  type DataSource,
  type SourceIdentity,
} from "../../core/protocols/dataSources";
import type { Locatable, Readings, SetOptions, SyncOrAsync, Triggerable } from "../../core/protocols/protocols";
import { SignalR, type SignalRW, thenSync } from "../../core/signal/signal";
import { softSignalRAndSetter, softSignalRw } from "../../core/signal/softSignal";
import { StandardReadable } from "../../core/standard/standardReadable";
import { deadline } from "../../core/status/deadline";
import { Status } from "../../core/status/status";
import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import { gaussian, seededRandom } from "../../randomSource";
import { SimMotor } from "./simMotor";

/** What a simulated point detector sees. */
export interface SimDetectorOptions {
  /**
   * The detector sees a Gaussian peak along this motor, or along whatever else tells a number: a module of a
   * node, an EPICS motor, a signal. Without a motor, the value is always at the peak.
   */
  readonly motor?: Locatable<number> | SignalR<number>;
  /** Position of the peak, in units of the motor; default 0. */
  readonly center?: number;
  /** Standard deviation of the peak, in units of the motor; default 1. */
  readonly sigma?: number;
  /** Value at the peak above the background; default 1. */
  readonly height?: number;
  /** Value far from the peak; default 0. */
  readonly background?: number;
  /** Standard deviation of the noise, or "poisson" for counting noise; default 0. */
  readonly noise?: number | "poisson";
  /** Seed of the noise: equal seeds give equal values; default 0. */
  readonly seed?: number;
  /** Seconds that a measurement takes; default 0. */
  readonly exposure?: number;
  /** Unit of the value; default "counts". */
  readonly units?: string;
  /** Digits after the decimal point; default 3, and none for the counts of "poisson". */
  readonly precision?: number;
}

const OPTIONS: OptionNames<SimDetectorOptions> = {
  motor: true,
  center: true,
  sigma: true,
  height: true,
  background: true,
  noise: true,
  seed: true,
  exposure: true,
  units: true,
  precision: true,
};

/** A point detector in memory. `trigger()` measures. The value is recorded under the name of the detector. */
export class SimDetector extends StandardReadable implements Triggerable, DataSource {
  /** What it measured last. */
  readonly value: SignalR<number>;
  /** Where its peak is, in the units of the motor. */
  readonly center: SignalRW<number>;
  /** The width of its peak, in the units of the motor. */
  readonly sigma: SignalRW<number>;
  /** The height of its peak, in counts. */
  readonly height: SignalRW<number>;
  /**
   * Standard deviation of the noise, or "poisson" for counting noise; not recorded, as a data key has one
   * type.
   */
  readonly noise: SignalRW<number | "poisson">;
  /** Seconds that a measurement takes. */
  readonly exposure: SignalRW<number>;
  readonly #measure: () => SyncOrAsync<void>;
  readonly #seed: number | undefined;
  #exposure: number;

  constructor(name = "", options: SimDetectorOptions = {}) {
    super();
    checkOptions("SimDetector", options, OPTIONS);
    const peak = new PeakModel(options);
    // Counts are whole numbers.
    const { motor, units = "counts", precision = peak.noise === "poisson" ? 0 : 3 } = options;
    // A motor that is not in memory has no position before it is connected.
    const isInMemory = !motor || motor instanceof SimMotor;
    const first = isInMemory ? peak.expected(motor?.position) : peak.background;
    const [value, post] = softSignalRAndSetter<number>(first, { units, precision });
    const parameter = (key: "center" | "sigma" | "height", unit: string) =>
      softSignalRw<number>(peak[key], {
        units: unit,
        setter: (v) => {
          peak[key] = v;
        },
      });
    this.value = value;
    this.#measure = () => thenSync(motor && positionOf(motor), (position) => post(peak.measured(position)));
    const { exposure = 0, seed = 0 } = options;
    this.#exposure = exposure;
    this.#seed = peak.noise === 0 ? undefined : seed;
    if (peak.noise !== 0) announceSource(this);
    const motorUnits = motor instanceof SimMotor ? motor.units : "";
    this.center = parameter("center", motorUnits);
    this.sigma = parameter("sigma", motorUnits);
    this.height = parameter("height", units);
    this.noise = softSignalRw<number | "poisson">(peak.noise, {
      units,
      setter: (v) => {
        checkNoise(v);
        peak.noise = v;
      },
    });
    this.exposure = softSignalRw<number>(exposure, {
      units: "s",
      limits: [0, 2_000_000],
      setter: (v) => {
        this.#exposure = v;
      },
    });
    this.addReadables([this.value]);
    this.addReadables([this.center, this.sigma, this.height, this.exposure], "config");
    this.setName(name);
  }

  override setName(name: string): void {
    super.setName(name);
    this.value.setName(name);
  }

  /** The seed of its noise. */
  [$sourceIdentity](): SourceIdentity | undefined {
    return this.#seed === undefined ? undefined : { kind: "simulation", name: this.name, facts: { seed: this.#seed } };
  }

  /** The value alone is read; the others are configuration. */
  override read(): SyncOrAsync<Readings<number>> {
    return super.read() as SyncOrAsync<Readings<number>>;
  }

  /** Seconds that a measurement takes, for `preview`. */
  expectedDuration(command: "set" | "trigger"): number | undefined {
    return command === "trigger" ? this.#exposure : undefined;
  }

  /** Measures for `exposure` seconds. */
  trigger(options: SetOptions = {}): Status {
    const atOnce = this.#exposure === 0 ? Status.from(this.#measure, this.name) : undefined;
    if (atOnce?.done) return atOnce;
    return new Status((resolve, reject) => {
      const end = (measured: Status) => {
        disarm();
        if (measured.success) resolve();
        else reject(measured.exception());
      };
      const measure = () => Status.from(this.#measure, this.name).addCallback(end);
      const timer = atOnce ? undefined : startTimer(this.#exposure, measure);
      const disarm = deadline(options, `${this.name} to measure`, (error) => {
        timer?.cancel();
        reject(error);
      });
      atOnce?.addCallback(end);
    }, this.name);
  }
}

/** What a detector sees: a Gaussian peak on a background, with noise. */
class PeakModel {
  center: number;
  sigma: number;
  height: number;
  noise: number | "poisson";
  readonly background: number;
  readonly #random: () => number;

  constructor({ center = 0, sigma = 1, height = 1, background = 0, noise = 0, seed = 0 }: SimDetectorOptions) {
    checkNoise(noise);
    this.center = center;
    this.sigma = sigma;
    this.height = height;
    this.background = background;
    this.noise = noise;
    this.#random = seededRandom(seed);
  }

  /** The value without noise; that of the peak if there is no motor. */
  expected(position?: number): number {
    const part = position === undefined ? 1 : Math.exp(-0.5 * ((position - this.center) / this.sigma) ** 2);
    return this.background + this.height * part;
  }

  measured(position?: number): number {
    const mean = this.expected(position);
    if (this.noise === 0) return mean;
    if (this.noise !== "poisson") return mean + this.noise * gaussian(this.#random);
    return Math.max(0, Math.round(mean + Math.sqrt(Math.max(0, mean)) * gaussian(this.#random)));
  }
}

/** Where a motor is now; without a promise if it is in memory. */
function positionOf(motor: Locatable<number> | SignalR<number>): SyncOrAsync<number> {
  if (motor instanceof SignalR) return motor.getValue();
  return thenSync(motor.locate(), ({ readback }) => readback);
}

function checkNoise(noise: unknown): void {
  if (noise === "poisson" || (typeof noise === "number" && noise >= 0 && Number.isFinite(noise))) return;
  throw new UsageError(`the noise of a SimDetector is a number from 0 or "poisson", not ${String(noise)}`);
}
