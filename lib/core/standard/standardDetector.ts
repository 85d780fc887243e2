/** Detectors that write their frames to files themselves. */

import { UsageError } from "../../errors";
import { checkOptions, type OptionNames } from "../../options";
import {
  type Collectable,
  type DataKeys,
  type Flyable,
  type Hints,
  isStatus,
  type Preparable,
  type Readings,
  type SetOptions,
  type StatusLike,
  type SyncOrAsync,
  type Triggerable,
  type WatcherUpdate,
} from "../protocols/protocols";
import { observeValue } from "../signal/observe";
import type { SignalR } from "../signal/signal";
import { Status, WatchableStatus } from "../status/status";
import { causedByUs } from "../status/unwatchedFailures";
import { StandardReadable } from "./standardReadable";

/** How the next frames are taken. */
export interface TriggerInfo {
  /** Frames to take; default 1. */
  readonly frames?: number;
  /** Exposure of a frame in seconds. Default: as the detector is set. */
  readonly exposure?: number;
  /** What starts a frame: the detector itself (`internal`, the default) or an external signal. */
  readonly trigger?: "internal" | "edge" | "level";
}

const TRIGGER_INFO: OptionNames<TriggerInfo> = { frames: true, exposure: true, trigger: true };
const TRIGGERS: readonly unknown[] = ["internal", "edge", "level"];

/** The control of the hardware of a detector. */
export interface DetectorControl {
  prepare(info: TriggerInfo): SyncOrAsync<void>;
  /** Takes frames. Resolves when the last one is taken. */
  acquire(frames: number): Promise<void>;
  /** Stops taking frames. A pending `acquire` rejects. */
  stop(): SyncOrAsync<void>;
}

/** A document about frames in files. The engine fills in `run_start`, `descriptor` and `seq_nums`. */
export type StreamAsset =
  | readonly [
      "stream_resource",
      {
        readonly uid: string;
        readonly data_key: string;
        readonly mimetype: string;
        readonly uri: string;
        readonly parameters: Record<string, unknown>;
      },
    ]
  | readonly [
      "stream_datum",
      {
        readonly uid: string;
        readonly stream_resource: string;
        readonly descriptor: string;
        readonly indices: { readonly start: number; readonly stop: number };
        readonly seq_nums: { readonly start: number; readonly stop: number };
      },
    ];

/** The writer of the frames of a detector. */
export interface DetectorWriter {
  /** Frames written since `open`. */
  readonly written: SignalR<number>;
  /**
   * Begins a new set of frames of the detector `name`. Returns the data keys of its frames, with `external:
   * "STREAM:"`.
   */
  open(name: string): SyncOrAsync<DataKeys>;
  /**
   * The documents about frames `start` (included) to `stop` (excluded). The first call also gives the
   * documents about the whole set.
   */
  documents(start: number, stop: number): Iterable<StreamAsset> | AsyncIterable<StreamAsset>;
  close(): SyncOrAsync<void>;
}

/** The longest time in which a writer must write one more frame, once all frames are taken. Seconds. */
const WRITE_LIMIT = 60;

/** Frames that a kickoff takes. */
interface FrameFlight {
  /** How many frames were written before it. */
  readonly before: number;
  readonly frames: number;
  /** Resolves when the hardware has taken them. */
  readonly acquired: Promise<void>;
}

/**
 * A detector that writes its frames to files itself. In a step scan it takes frames at each point
 * (`trigger`). In a fly scan it takes many while something moves (`prepare`, `kickoff`, `complete`,
 * `collect`). Its events hold whatever else it reads.
 */
export class StandardDetector
  extends StandardReadable
  implements Triggerable, Preparable<TriggerInfo>, Flyable, Collectable
{
  readonly #control: DetectorControl;
  readonly #writer: DetectorWriter;
  #keys: DataKeys | undefined;
  #frames = 1;
  /** Whether the frames that were prepared last are still to be taken by a kickoff. */
  #isPrepared = false;
  #collected = 0;
  /** The frames that were kicked off last; a promise until the kickoff is done. */
  #flight: SyncOrAsync<FrameFlight> | undefined;
  /** Aborted by `stop`: what was begun before must not start the hardware after it. */
  #begun = new AbortController();

  constructor(control: DetectorControl, writer: DetectorWriter, name = "") {
    super(name);
    this.#control = control;
    this.#writer = writer;
  }

  /** Opens the writer if it is not open, and makes the hardware ready. */
  prepare(info: TriggerInfo): Status {
    return Status.from<void>(async () => {
      this.#check(info);
      this.#frames = info.frames ?? 1;
      const { signal } = this.#begun;
      await this.#open();
      signal.throwIfAborted();
      await this.#control.prepare(info);
      this.#isPrepared = true;
    }, this.name);
  }

  /** Takes the frames of one point. Done when they are written; fails if none is written for 60 s. */
  trigger(options: SetOptions = {}): Status {
    return Status.from<void>(async () => {
      const { signal } = this.#begun;
      if (!this.#keys) await this.prepare({});
      const goal = (await this.#writer.written.getValue()) + this.#frames;
      signal.throwIfAborted();
      await this.#control.acquire(this.#frames);
      await this.#untilWritten(goal, options);
    }, this.name);
  }

  /** Begins to take the prepared frames. Fails without a `prepare` for them. */
  kickoff(): Status {
    if (!this.#keys || !this.#isPrepared)
      return Status.failed(new UsageError(`${this.name} is not prepared: use prepare before kickoff`));
    this.#isPrepared = false;
    const departure = this.#depart(this.#frames);
    this.#flight = departure;
    return Status.from<void>(async () => {
      const flight = await departure;
      if (this.#flight === departure) this.#flight = flight;
    }, this.name);
  }

  /**
   * Done when all frames are written; the kickoff need not be done when this is called. Its progress is the
   * number of frames so far. Fails without a `kickoff`, and with the error of a kickoff that failed.
   */
  complete(): WatchableStatus<void, number> {
    return new WatchableStatus<void, number>((resolve, reject, report) => {
      const flight = this.#flight;
      if (!flight) throw new UsageError(`${this.name} takes no frames: kickoff first`);
      const untilTaken = (known: FrameFlight) => this.#untilTaken(known, report);
      const taken = flight instanceof Promise ? flight.then(untilTaken) : untilTaken(flight);
      taken.then(resolve, reject);
    }, this.name);
  }

  override describe(): SyncOrAsync<DataKeys> {
    return this.#withStreams(super.describe());
  }

  describeCollect(): SyncOrAsync<DataKeys> {
    return this.#streamKeys();
  }

  override get hints(): Hints {
    const { fields = [], ...rest } = super.hints;
    return { ...rest, fields: [...fields, ...Object.keys(this.#keys ?? {})] };
  }

  /** The number of frames written so far. */
  getIndex(): SyncOrAsync<number> {
    return this.#writer.written.getValue();
  }

  /** The documents about frames that were written since the last call, up to `index` (default: all). */
  async *collectAssetDocs(index?: number): AsyncGenerator<StreamAsset, void, void> {
    const stop = Math.min(index ?? Number.POSITIVE_INFINITY, await this.#writer.written.getValue());
    if (!this.#keys || stop <= this.#collected) return;
    yield* this.#writer.documents(this.#collected, stop);
    this.#collected = stop;
  }

  /** Stops the hardware and closes the writer. */
  override unstage(): StatusLike {
    const others = super.unstage();
    this.#flight = undefined;
    this.#isPrepared = false;
    return Status.from<void>(async () => {
      await this.#control.stop();
      if (this.#keys) await this.#writer.close();
      this.#keys = undefined;
      if (isStatus(others)) await Status.all([others]);
    }, this.name);
  }

  /** Stops taking frames. */
  async stop(_success = true): Promise<void> {
    this.#begun.abort(causedByUs(new Error(`${this.name} was stopped`)));
    this.#begun = new AbortController();
    await this.#control.stop();
  }

  /** @throws UsageError if the frames cannot be taken as the caller says. */
  #check(info: TriggerInfo): void {
    checkOptions(`prepare of ${this.name}`, info, TRIGGER_INFO);
    const { frames = 1, exposure = 0, trigger = "internal" } = info;
    if (!(Number.isInteger(frames) && frames > 0)) {
      throw new UsageError(`${this.name} cannot take ${frames} frames: use a whole number from 1 up`);
    }
    if (!(exposure >= 0 && Number.isFinite(exposure))) {
      throw new UsageError(`${this.name} cannot expose for ${exposure} s: use a time from 0 s up`);
    }
    if (!TRIGGERS.includes(trigger)) {
      throw new UsageError(`${this.name} cannot be triggered by "${trigger}": use ${TRIGGERS.join(", ")}`);
    }
  }

  /** A kickoff that has taken no frame can be made again. */
  async #depart(frames: number): Promise<FrameFlight> {
    const { signal } = this.#begun;
    let before: number;
    try {
      before = await this.#writer.written.getValue();
      signal.throwIfAborted();
    } catch (error) {
      this.#isPrepared = true;
      throw error;
    }
    const acquired = this.#control.acquire(frames);
    // complete() reports its failure, which must not be an unhandled rejection until then.
    acquired.catch(() => {});
    return { before, frames, acquired };
  }

  async #untilTaken(
    { before, frames, acquired }: FrameFlight,
    report: (update: WatcherUpdate<number>) => void,
  ): Promise<void> {
    const { written } = this.#writer;
    const listen = (readings: Readings<number>) => {
      const current = (Object.values(readings)[0]?.value ?? 0) - before;
      report({ name: this.name, current, initial: 0, target: frames, unit: "frames", fraction: current / frames });
    };
    written.subscribe(listen);
    try {
      await acquired;
      await this.#untilWritten(before + frames, {});
    } finally {
      written.clearSub(listen);
    }
  }

  async #open(): Promise<DataKeys> {
    if (!this.#keys) {
      this.#keys = await this.#writer.open(this.name);
      this.#collected = 0;
    }
    return this.#keys;
  }

  #streamKeys(): SyncOrAsync<DataKeys> {
    return this.#keys ?? this.#open();
  }

  #withStreams(own: SyncOrAsync<DataKeys>): SyncOrAsync<DataKeys> {
    const streams = this.#streamKeys();
    if (own instanceof Promise || streams instanceof Promise) {
      return Promise.all([own, streams]).then(([a, b]) => ({ ...a, ...b }));
    }
    return Object.assign({}, own, streams);
  }

  /** Rejects if no further frame is written for a minute: one may be lost, or the disk is full. */
  async #untilWritten(goal: number, { timeout, signal }: SetOptions): Promise<void> {
    const limits = { timeout: WRITE_LIMIT, doneTimeout: timeout ?? Number.POSITIVE_INFINITY, signal };
    for await (const written of observeValue(this.#writer.written, limits)) if (written >= goal) return;
  }
}
