import type { SetOptions } from "../../core/protocols/protocols";
import { Status } from "../../core/status/status";
import { isBusy } from "../../secop/values/moduleStatus";
import type { ModuleHandle } from "../module/moduleHandle";
import { waitForIdle } from "../module/waitForIdle";
import { Activity } from "./activity";

/** The acquisitions of a module with `go` and, where it has them, `prepare`, `hold` and `stop` (SECoP 2.0). */
export class AcquisitionRun {
  readonly #handle: ModuleHandle;
  readonly #waiting = new Set<Activity>();
  /** Held by this client: not BUSY, and not at the end either. */
  #held = false;

  constructor(handle: ModuleHandle) {
    this.#handle = handle;
  }

  /** One acquisition, or the rest of one that is held. `name` is the device's. */
  start(options: SetOptions, name: string): Status {
    if (this.#handle.link.mocked) return Status.completed(name);
    const order = {
      goal: { infinitive: "finish the acquisition", past: "finished the acquisition" },
      send: () => {
        this.#held = false;
        return this.#go();
      },
      // What was acquired too fast to be seen BUSY is told by nothing but time.
      isThere: async (busySeen: boolean) => busySeen,
      isHeld: () => this.#held,
    };
    return new Status((resolve, reject) => {
      const activity = new Activity(this.#handle, order, options, (error) => {
        this.#waiting.delete(activity);
        if (error) reject(error);
        else resolve();
      });
      this.#waiting.add(activity);
    }, name);
  }

  /** Done when the next `start` has nothing to prepare; `timeout` is for being ready. */
  async prepare(options: SetOptions): Promise<void> {
    if (this.#handle.link.mocked || !this.#handle.hasCommand("prepare")) return;
    await this.#handle.client.do(this.#handle.name, "prepare", undefined, { signal: options.signal });
    await waitForIdle(this.#handle, options);
  }

  /** Ends what is under way or held; does nothing where nothing is. */
  async stop(): Promise<void> {
    if (!(this.#held || this.#isBusy()) || !this.#handle.hasCommand("stop")) return;
    await this.#handle.client.do(this.#handle.name, "stop");
    if (!this.#held) return;
    this.#held = false;
    for (const activity of this.#waiting) activity.look();
  }

  /** Holds what is under way, where the module can. */
  async hold(): Promise<void> {
    const command = this.#holdCommand();
    if (command === undefined || !this.#isBusy()) return;
    // Before the answer: the status changes first.
    this.#held = true;
    try {
      await this.#handle.client.do(this.#handle.name, command);
    } catch (error) {
      this.#held = false;
      throw error;
    }
  }

  /** Goes on with what is held; does nothing where nothing is. */
  async goOn(): Promise<void> {
    if (!this.#held) return;
    await this.#go();
    this.#held = false;
    for (const activity of this.#waiting) activity.beginAgain();
  }

  async #go(): Promise<void> {
    await this.#handle.client.do(this.#handle.name, "go");
  }

  #isBusy(): boolean {
    const status = this.#handle.link.mocked ? undefined : this.#handle.status();
    return status !== undefined && isBusy(status.code);
  }

  /** frappy puts an underscore before names its version of SECoP does not have. */
  #holdCommand(): string | undefined {
    return ["hold", "_hold"].find((name) => this.#handle.hasCommand(name));
  }
}
