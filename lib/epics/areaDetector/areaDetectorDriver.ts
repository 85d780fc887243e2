/** The driver of an areaDetector camera, which takes the frames. */

// Source: documentation of ADCore, asynNDArrayDriver.

import { waitForValue } from "../../core/signal/observe";
import type { SignalR, SignalRW } from "../../core/signal/signal";
import type { DetectorControl, TriggerInfo } from "../../core/standard/standardDetector";
import { causedByUs } from "../../core/status/unwatchedFailures";
import { UsageError } from "../../errors";
import { EpicsError } from "../epicsError";
import { EpicsDevice } from "../signal/epicsDevice";
import { epicsSignalR } from "../signal/epicsSignal";
import { busySetting, numberSetting } from "./areaDetectorSettings";

/** The number of each trigger mode at the camera, which differs between cameras. */
export type TriggerModes = Readonly<Partial<Record<NonNullable<TriggerInfo["trigger"]>, number>>>;

/** Seconds after which a camera that does not stop is reported. */
const STOP_LIMIT = 10;
/** The ImageMode for a fixed number of frames. */
const MULTIPLE = 1;
/** The DetectorState after an acquisition that failed, with its name. */
const FAILED: ReadonlyMap<number, string> = new Map([
  [6, "error"],
  [8, "disconnected"],
  [9, "aborted"],
]);

/** The driver of an areaDetector (ADDriver): it takes the frames. */
export class AreaDetectorDriver extends EpicsDevice implements DetectorControl {
  /** The exposure in seconds. */
  readonly acquireTime: SignalRW<number> = numberSetting(this, "AcquireTime");
  /** Seconds between the starts of two frames. */
  readonly acquirePeriod: SignalRW<number> = numberSetting(this, "AcquirePeriod");
  /** How many frames an acquisition takes. */
  readonly numImages: SignalRW<number> = numberSetting(this, "NumImages");
  /** 0 single, 1 multiple, 2 continuous. */
  readonly imageMode: SignalRW<number> = numberSetting(this, "ImageMode");
  /** The number of the trigger mode: what starts a frame. */
  readonly triggerMode: SignalRW<number> = numberSetting(this, "TriggerMode");
  /** 1 while frames are taken. Setting 1 resolves when all are taken, setting 0 at once. */
  readonly acquiring: SignalRW<number> = busySetting(this, "Acquire");
  /** The number of the state of the detector. */
  readonly state: SignalR<number> = epicsSignalR(Number, this.pv("DetectorState_RBV"));
  /** Pixels in a row. */
  readonly sizeX: SignalR<number> = epicsSignalR(Number, this.pv("ArraySizeX_RBV"));
  /** Rows of a frame. */
  readonly sizeY: SignalR<number> = epicsSignalR(Number, this.pv("ArraySizeY_RBV"));
  /** Slices of a volume; 0 for a plane. */
  readonly sizeZ: SignalR<number> = epicsSignalR(Number, this.pv("ArraySizeZ_RBV"));
  /** The type of the pixels, for example `UInt16`. */
  readonly dataType: SignalR<string> = epicsSignalR(String, this.pv("DataType_RBV"));
  /** How colours are arranged, for example `Mono` or `RGB1`. */
  readonly colorMode: SignalR<string> = epicsSignalR(String, this.pv("ColorMode_RBV"));
  readonly #triggerModes: TriggerModes;
  #stopped = new AbortController();

  constructor(prefix: string, triggerModes: TriggerModes = {}) {
    super(prefix);
    this.#triggerModes = { internal: 0, ...triggerModes };
    this.addReadables([this.acquireTime, this.acquirePeriod, this.triggerMode], "config");
  }

  async prepare({ frames = 1, exposure, trigger = "internal" }: TriggerInfo): Promise<void> {
    const mode = this.#triggerModes[trigger];
    if (mode === undefined)
      throw new UsageError(`${this.name} has no trigger mode for ${trigger}: give its number by triggerModes`);
    await Promise.all([
      this.imageMode.set(MULTIPLE),
      this.triggerMode.set(mode),
      this.numImages.set(frames),
      ...(exposure === undefined ? [] : [this.acquireTime.set(exposure)]),
    ]);
  }

  /** Takes frames. Rejects when the acquisition is stopped, or if the camera reports that it failed. */
  async acquire(frames: number): Promise<void> {
    this.#stopped = new AbortController();
    const { signal } = this.#stopped;
    await this.imageMode.set(MULTIPLE);
    await this.numImages.set(frames);
    signal.throwIfAborted();
    await this.acquiring.set(1, { timeout: null, signal });
    const state = await this.state.getValue({ cached: false });
    const words = FAILED.get(state);
    if (words !== undefined) throw new EpicsError(`${this.name} has taken no frames: its state is ${words}`);
  }

  /** Resolves once the camera has stopped, since a new acquisition before that would take no frames. */
  async stop(): Promise<void> {
    this.#stopped.abort(causedByUs(new EpicsError(`${this.name} was stopped`)));
    await this.acquiring.set(0);
    await waitForValue(this.acquiring, 0, { timeout: STOP_LIMIT });
  }
}
