/** The runs of one call of the RunEngine: the open ones by their key, and the uids of all. */

import type { Msg } from "../../core/protocols/msg";
import type { CommandSteps } from "../commandSteps";
import { IllegalMessageSequence } from "../planErrors";
import type { ExitStatus } from "./documents";
import { RunBundler } from "./runBundler";
import type { EmitDocument } from "./runStreams";

export class CallRuns {
  /** uids of the start documents, in the order in which the runs were opened. */
  readonly startUids: string[] = [];
  readonly #emit: EmitDocument;
  readonly #runs = new Map<unknown, RunBundler>();

  constructor(emit: EmitDocument) {
    this.#emit = emit;
  }

  /** Whether any run has an open bundle. */
  get bundling(): boolean {
    for (const run of this.#runs.values()) if (run.bundling) return true;
    return false;
  }

  has(key: unknown): boolean {
    return this.#runs.has(key);
  }

  /** The run with this key, if it is open. */
  get(key: unknown): RunBundler | undefined {
    return this.#runs.get(key);
  }

  /** The open run that a message is about; throws where there is none. */
  of(msg: Msg): RunBundler {
    const run = this.#runs.get(msg.run);
    if (run) return run;
    const which = msg.run === null ? "" : ` with key ${String(msg.run)}`;
    throw new IllegalMessageSequence(`"${msg.command}" without an open run${which}: "open_run" comes first`);
  }

  /** Opens a run, which emits its start document. @returns its uid */
  open(key: unknown, metadata: Readonly<Record<string, unknown>>, recordInterruptions: boolean): string {
    const run = new RunBundler(metadata, this.#emit, recordInterruptions);
    this.#runs.set(key, run);
    this.startUids.push(run.uid);
    return run.uid;
  }

  /** A run that is about to be closed is no longer open. */
  remove(key: unknown): void {
    this.#runs.delete(key);
  }

  /**
   * At the end of the call: collects flyers that are still flying and closes runs that the plan left open.
   */
  *closeAll(
    exitStatus: ExitStatus,
    reason: string,
    onCollectFailure: (device: object, error: unknown) => void,
  ): CommandSteps<void> {
    for (const run of this.#runs.values()) {
      run.monitors.clear();
      yield* run.flyers.collectRest(onCollectFailure);
      run.close(exitStatus, reason);
    }
    this.#runs.clear();
  }

  /** Everything measured so far is kept, whatever is done again. */
  checkpoint(): void {
    for (const run of this.#runs.values()) run.checkpoint();
  }

  /** Goes back to the last checkpoint in all runs. @returns restores the bundles that are open now */
  rewind(): () => void {
    const restores = [...this.#runs.values()].map((run) => run.rewind());
    return () => {
      for (const restore of restores) restore();
    };
  }

  /** Emits an event into the stream `interruptions` of each run that records them. */
  recordInterruption(content: string): void {
    for (const run of this.#runs.values()) run.recordInterruption(content);
  }

  /** Stops the events of all monitors, until `restoreMonitors`. */
  suspendMonitors(): void {
    for (const run of this.#runs.values()) run.monitors.suspend();
  }

  restoreMonitors(): void {
    for (const run of this.#runs.values()) run.monitors.restore();
  }
}
