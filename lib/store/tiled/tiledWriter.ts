/** Writes the runs of an engine to a Tiled server, beside the engine and never in its way. */

import { type ClockTimer, realClock } from "../../clock";
import { DocumentRuns } from "../../engine/documents/documentRuns";
import type { Document, DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { Backfill, type RunFolderLike } from "./backfill";
import { PendingRuns } from "./pendingRuns";
import { SendingTurn } from "./sendingTurn";
import { UndescribedValueError } from "./storedColumns";
import { failureText, TiledClient, type TiledStore } from "./tiledClient";
import { TiledRunWriter } from "./tiledRunWriter";
import { LostRowsError } from "./tiledTable";

/** Milliseconds between two sendings: an append costs the same whatever it holds. */
const INTERVAL_MS = 500;
/** Documents of a run that wait for a slow server; with more the run is written from its file at its end. */
const MOST_WAITING = 100_000;
/** How many times longer than usual the server may take for runs that are sent later. */
const PATIENCE = 6;

/**
 * Takes documents without ever waiting. A server that is slow, dead or refuses is reported once; the run file
 * is the safety net: what the server did not get is written from it as soon as the server answers again, also
 * by a later process.
 */
export class TiledWriter {
  readonly #client: TiledClient;
  readonly #folder: RunFolderLike;
  readonly #pending: PendingRuns;
  readonly #live = new Map<string, LiveRun>();
  readonly #runs = new DocumentRuns();
  #isReported = false;
  readonly #turn: SendingTurn;
  readonly #backfill: Backfill;

  constructor(store: TiledStore, folder: RunFolderLike) {
    const { timeout } = store.options;
    this.#client = new TiledClient(store);
    this.#folder = folder;
    this.#pending = new PendingRuns(folder.dir, `${store.uri} ${this.#client.catalog}`);
    this.#turn = new SendingTurn(this.#pending.dir);
    this.#backfill = new Backfill({
      // It sends whole runs, and nobody waits for it.
      client: new TiledClient({ ...store, options: { ...store.options, timeout: PATIENCE * (timeout ?? 10) } }),
      folder,
      pending: this.#pending,
      turn: this.#turn,
      isLive: (uid) => this.#live.has(uid),
      failed: (error, uid) => this.#report(error, uid),
      sent: (count) => this.#sent(count),
    });
  }

  /** Takes a document; pass it to `RE.subscribe`. */
  readonly receive = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void => {
    const uid = this.#runs.of(name, doc);
    if (uid === undefined) return;
    if (name === "start") {
      this.#pending.add(uid);
      this.#live.set(uid, new LiveRun(new TiledRunWriter(this.#client)));
    }
    const run = this.#live.get(uid);
    if (!run) return;
    if (name === "stop") run.ended = true;
    if (!run.failed) {
      // The cast joins what the parameters hold apart.
      run.writer.add({ name, doc } as Document);
      if (run.writer.waiting > MOST_WAITING) this.#failed(uid, run, new Error("it is slower than the run"));
    }
    this.#schedule(uid, run);
  };

  #schedule(uid: string, run: LiveRun): void {
    if (run.sending !== undefined) return;
    if (run.failed) {
      if (run.ended) this.#giveToBackfill(uid);
      return;
    }
    if (run.ended) {
      run.timer?.cancel();
      run.timer = undefined;
      run.sending = this.#send(uid, run);
    } else {
      const send = () => {
        run.timer = undefined;
        run.sending ??= this.#send(uid, run);
      };
      run.timer ??= realClock.timer(INTERVAL_MS / 1000, send).unref();
    }
  }

  async #send(uid: string, run: LiveRun): Promise<void> {
    try {
      const isComplete = await this.#turn.take(() => run.writer.flush());
      run.sending = undefined;
      if (isComplete && !run.failed) this.#finished(uid);
      else if (run.failed || run.writer.waiting > 0) this.#schedule(uid, run);
    } catch (error) {
      run.sending = undefined;
      this.#failed(uid, run, error);
      if (run.ended) this.#giveToBackfill(uid);
    }
  }

  #finished(uid: string): void {
    this.#forget(uid);
    this.#pending.done(uid);
    this.#isReported = false;
  }

  #failed(uid: string, run: LiveRun, error: unknown): void {
    if (run.failed) return;
    run.failed = true;
    run.writer = new TiledRunWriter(this.#client);
    // Values that the server cannot keep as described, or has lost, are soon sent in another way.
    if (!(error instanceof UndescribedValueError || error instanceof LostRowsError)) this.#report(error, uid);
  }

  #report(error: unknown, uid: string): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const run = `run ${uid.slice(0, 8)} and later ones are`;
    console.warn(
      `Tiled at ${this.#client.uri}: ${failureText(error)}; ${run} kept in ${this.#folder.dir} and sent when it takes them (the run goes on)`,
    );
  }

  #giveToBackfill(uid: string): void {
    this.#forget(uid);
    this.#backfill.add(uid);
  }

  #forget(uid: string): void {
    this.#live.delete(uid);
    this.#runs.forget(uid);
  }

  #sent(count: number): void {
    this.#isReported = false;
    console.log(
      `Tiled at ${this.#client.uri}: ${count} run${count === 1 ? " was" : "s were"} sent from ${this.#folder.dir}`,
    );
  }
}

/** A run that goes on. */
class LiveRun {
  writer: TiledRunWriter;
  ended = false;
  failed = false;
  sending: Promise<void> | undefined;
  timer: ClockTimer | undefined;

  constructor(writer: TiledRunWriter) {
    this.writer = writer;
  }
}
