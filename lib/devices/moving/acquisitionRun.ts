/** The acquisitions of one module, from `go` to the end of BUSY. */

import type { SetOptions } from "../../core/protocols/protocols";
import { Status } from "../../core/status/status";
import { isBusy } from "../../secop/values/moduleStatus";
import type { ModuleHandle } from "../module/moduleHandle";
import { waitForIdle } from "../module/waitForIdle";
import { Activity } from "./activity";

/**
 * Starts, holds and stops the acquisitions of a module by its commands `go`, `prepare`, `hold` and `stop`
 * (SECoP 2.0).
 */
export class AcquisitionRun {
  readonly #handle: ModuleHandle;
  readonly #waiting = new Set<Activity>();
  /**
   * Whether this client holds the acquisition: the module is then not BUSY, although the acquisition has not
   * ended.
   */
  #held = false;

  constructor(handle: ModuleHandle) {
    this.#handle = handle;
  }

  /** Starts an acquisition or continues the held one; done at its end. `name` is the name of the device. */
  start(options: SetOptions, name: string): Status {
    if (this.#handle.link.mocked) return Status.completed(name);
    const order = {
      goal: { infinitive: "finish the acquisition", past: "finished the acquisition" },
      send: () => {
        this.#held = false;
        return this.#go();
      },
      // If the module was never seen BUSY, only time tells that a short acquisition is over.
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

  /** Prepares the next `start`, where the module can. `timeout` limits the wait until it is ready. */
  async prepare(options: SetOptions): Promise<void> {
    if (this.#handle.link.mocked || !this.#handle.hasCommand("prepare")) return;
    await this.#handle.client.do(this.#handle.name, "prepare", undefined, { signal: options.signal });
    await waitForIdle(this.#handle, options);
  }

  /** Ends the acquisition that runs or is held; does nothing if there is none. */
  async stop(): Promise<void> {
    // The module may not be BUSY yet, although `go` is on its way.
    const mayRun = this.#held || this.#waiting.size > 0 || (!this.#handle.link.mocked && this.#handle.mayBeBusy());
    if (!mayRun || !this.#handle.hasCommand("stop")) return;
    await this.#handle.client.do(this.#handle.name, "stop");
    if (!this.#held) return;
    this.#held = false;
    for (const activity of this.#waiting) activity.look();
  }

  /** Holds the running acquisition, where the module can. */
  async hold(): Promise<void> {
    const command = this.#holdCommand();
    if (command === undefined || !this.#isBusy()) return;
    // Set before the answer arrives, because the status changes earlier.
    this.#held = true;
    try {
      await this.#handle.client.do(this.#handle.name, command);
    } catch (error) {
      this.#held = false;
      throw error;
    }
  }

  /** Continues the held acquisition; does nothing if none is held. */
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

  /** frappy puts an underscore before the names that its version of SECoP does not define. */
  #holdCommand(): string | undefined {
    return ["hold", "_hold"].find((name) => this.#handle.hasCommand(name));
  }
}
