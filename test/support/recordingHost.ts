/** A host that records displays. */

import { currentHost, type Host, registerHost } from "../../lib/display/host";
import type { MimeBundle } from "../../lib/display/mimeBundle";

/** Replaces the host of the process and keeps everything that is displayed. */
export class RecordingHost implements Host {
  readonly rich: boolean;
  readonly readOnly: boolean;
  /** Every bundle that was displayed, with its options. */
  readonly frames: {
    readonly bundle: MimeBundle;
    readonly id?: string | undefined;
    readonly update?: boolean | undefined;
  }[] = [];
  readonly #before: Host;

  /** Replaces the host until `release`. `rich` and `readOnly` as in `Host`. */
  constructor(rich: boolean, readOnly = false) {
    this.rich = rich;
    this.readOnly = readOnly;
    this.#before = currentHost();
    registerHost(this);
  }

  release(): void {
    registerHost(this.#before);
  }

  display(bundle: MimeBundle, options: { readonly id?: string; readonly update?: boolean } = {}): void {
    this.frames.push({ bundle, ...options });
  }

  /** What the user sees in the end: the newest bundle of each output, in the order of the outputs. */
  get outputs(): MimeBundle[] {
    const outputs = new Map<unknown, MimeBundle>();
    this.frames.forEach(({ bundle, id }, i) => void outputs.set(id ?? i, bundle));
    return [...outputs.values()];
  }

  /** All text that was displayed. */
  get text(): string {
    return this.frames.map(({ bundle }) => bundle["text/plain"]).join("\n");
  }

  currentSignal(): undefined {}

  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    return fn;
  }

  onShutdown(): () => void {
    return () => {};
  }
}
