/** A plan that stands still, paused or suspended: what is done to hardware, monitors and documents when it comes to it and when it goes on. */
import type { Msg } from "../../core/protocols/msg";
import type { RunBundler } from "../documents/runBundler";
import type { Groups } from "./actionGroups";
import type { Hardware } from "./hardware";
import type { PlanStack } from "./planStack";
import type { Again, RewindCache } from "./rewindCache";

export class Standstill {
  readonly #bundlers: ReadonlyMap<unknown, RunBundler>;
  readonly #hardware: Hardware;
  readonly #groups: Groups;
  readonly #cache: RewindCache;
  readonly #stack: PlanStack;
  /** Unix seconds. */
  #since = 0;

  constructor(
    bundlers: ReadonlyMap<unknown, RunBundler>,
    hardware: Hardware,
    groups: Groups,
    cache: RewindCache,
    stack: PlanStack,
  ) {
    this.#bundlers = bundlers;
    this.#hardware = hardware;
    this.#groups = groups;
    this.#cache = cache;
    this.#stack = stack;
  }

  /** Writes a line into the stream `interruptions` of each open run, where they are recorded. */
  record(content: string): void {
    for (const run of this.#bundlers.values()) run.recordInterruption(content);
  }

  /** No events of monitors, until `listen`. */
  silence(): void {
    for (const run of this.#bundlers.values()) run.monitors.suspend();
  }

  listen(): void {
    for (const run of this.#bundlers.values()) run.monitors.restore();
  }

  /** Stops what moves, lets devices pause. @returns the moves that were cut short */
  async enter(): Promise<readonly Msg[]> {
    this.#since = Date.now() / 1000;
    const { cut, replayable } = await this.#hardware.hold();
    if (!replayable) {
      this.#cache.clear();
      for (const run of this.#bundlers.values()) run.checkpoint();
    }
    return cut;
  }

  /**
   * Goes back to the checkpoint: documents count on from there, and so does the time of the plan.
   * @param held moves that were cut short
   * @param current the message whose answer the plan waits for
   * @param wasCut whether that message was cut short: then it is done again even where the rest is not
   */
  rewind(held: readonly Msg[], current: Msg | null, wasCut: boolean): Again {
    this.#stack.stoodStill(this.#since);
    const messages = this.#cache.take();
    for (const action of [...this.#groups.allOpen()]) if (messages.includes(action.msg)) this.#groups.pardon(action);
    const rewound = messages.length > 0 ? [...this.#bundlers.values()].map((run) => run.rewind()) : [];
    if (current && wasCut && messages.at(-1) !== current) messages.push(current);
    return {
      messages,
      restart: held.filter((msg) => !messages.includes(msg)),
      feeds: messages.length > 0 && messages.at(-1) === current,
      abandon: () => {
        for (const putBack of rewound) putBack();
      },
    };
  }

  /** Devices go on; `start` starts a move again. */
  async leave(restart: readonly Msg[], start: (msg: Msg) => void): Promise<void> {
    await this.#hardware.release();
    for (const msg of restart) start(msg);
  }
}
