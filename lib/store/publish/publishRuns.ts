/** Sends the documents of an engine to brokers, beside the engine and never in its way. */

import { realClock } from "../../clock";
import { currentHost } from "../../display/host";
import { DocumentRuns } from "../../engine/documents/documentRuns";
import type { Document, DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { errorText, UsageError } from "../../errors";
import { publicServer } from "../../publicAddress";
import { nats } from "./natsTarget";
import type { DocumentSender, PublishTarget } from "./publisher";
import { zmq } from "./zmqTarget";

/** The most documents that wait for a slow or absent broker; beyond that the oldest are dropped. */
const MOST_WAITING = 200_000;
/** The most documents that are on their way at the same time. */
const MOST_SENT = 500;
const RETRY_MS = 2000;

/** The target of `nats://...`, `tcp://...` or of itself. @throws UsageError for anything else */
export function publishTarget(target: string | PublishTarget): PublishTarget {
  if (typeof target !== "string") return target;
  if (/^nats:\/\//i.test(target)) return nats(target);
  if (/^(tcp|ipc):\/\//i.test(target)) return zmq(target);
  throw new UsageError(
    `${JSON.stringify(publicServer(target))} is not a broker: write nats://HOST:4222, or tcp://HOST:PORT for 0MQ`,
  );
}

/** Takes documents without ever waiting, and sends them in their order. */
export class DocumentPublisher {
  readonly #target: PublishTarget;
  #waiting: { readonly document: Document; readonly run: string }[] = [];
  readonly #runs = new DocumentRuns();
  readonly #openRuns = new Set<string>();
  #sender: DocumentSender | undefined;
  #working: Promise<void> | undefined;
  #isReported = false;
  #dropped = 0;

  constructor(target: PublishTarget) {
    this.#target = target;
    currentHost().onShutdown(() => this.close());
  }

  /** Takes a document; pass it to `RE.subscribe`. */
  readonly receive = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void => {
    const run = this.#runs.of(name, doc) ?? "";
    // The cast joins what the parameters hold apart.
    this.#waiting.push({ document: { name, doc } as Document, run });
    if (name === "start") this.#openRuns.add(run);
    if (name === "stop") {
      this.#openRuns.delete(run);
      this.#runs.forget(run);
    }
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.splice(0, this.#waiting.length - MOST_WAITING);
      if (this.#dropped++ === 0) this.#report("it is slower than the run: older documents are dropped from now on");
    }
    this.#begin();
  };

  #begin(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  /** Resolves when the broker has all documents. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async close(): Promise<void> {
    await this.idle();
    await this.#sender?.close();
    this.#sender = undefined;
  }

  async #work(): Promise<void> {
    // After the code that made the documents: a plan never waits for their encoding.
    await new Promise<void>((resolve) => realClock.turn(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MOST_SENT);
      try {
        this.#sender ??= await this.#target.open();
        const sender = this.#sender;
        await Promise.all(batch.map(({ document, run }) => sender.send(document, run)));
        this.#waiting.splice(0, batch.length);
        this.#isReported = false;
      } catch (error) {
        this.#report(errorText(error));
        if (error instanceof UsageError) {
          this.#waiting = [];
          return;
        }
        await new Promise<void>((resolve) => realClock.timer(RETRY_MS / 1000, resolve).unref());
      }
    }
    // A connection that stays open would keep a script from ending.
    if (this.#openRuns.size > 0 || this.#target.kind !== "nats") return;
    const sender = this.#sender;
    this.#sender = undefined;
    await sender?.close();
  }

  #report(why: string): void {
    if (this.#isReported) return;
    this.#isReported = true;
    console.warn(`${this.#target.uri}: ${why}; documents are published when it takes them (the run goes on)`);
  }
}
