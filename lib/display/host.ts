import type { MimeBundle } from "./bundle";

/**
 * The place where the code runs, as far as the library needs it: our kernel, the headless runner, or a plain process.
 * Our kernel registers one under a global symbol, not by import: a workspace may load its own copy of this package.
 */
export interface Host {
  /** Whether bundles are rendered (a notebook). Where not, views print lines of text. */
  readonly rich: boolean;
  /** Shows a bundle in the current cell. With `id` the output can be updated: the same id again with `update` replaces it wherever it is shown. */
  display(bundle: MimeBundle, options?: { readonly id?: string; readonly update?: boolean }): void;
  /** Aborted when the person interrupts the running cell, with an `Interruption` as reason. None for code of a cell that has ended. */
  currentSignal(): AbortSignal | undefined;
  /** Binds a callback to the current cell, so that what it prints later lands there. */
  bind<F extends (...args: never[]) => unknown>(fn: F): F;
  /** Keeps the current cell from ending before `work` is settled, for a few seconds at most: for output that comes a little after the code. */
  hold?(work: Promise<unknown>): void;
  /**
   * Runs `fn` before the process ends: close connections, flush files. An `activity`, a plan that runs, is ended before what it needs is
   * closed. Returns a function that takes it back.
   */
  onShutdown(fn: () => void | Promise<void>, kind?: "activity"): () => void;
  /**
   * Calls `fn` after code was stopped by force, an endless loop that was interrupted: what was on the stack is gone without `finally`, and
   * async functions that were on it never settle. Returns a function that takes it back.
   */
  onCodeStopped?(fn: () => void): () => void;
}

/** What the reason of `currentSignal()` may offer after an interrupt. */
export interface Interruption {
  /** Nobody will go on with what is only paused: it is to be ended. */
  readonly final?: boolean;
  /**
   * Says that code serves the interrupt, a plan on its way to a checkpoint for instance: the cell waits for `until`, however long that
   * takes. `again` is called when the person presses once more; it returns whether there was something left to hurry.
   */
  serving?(until: Promise<unknown>, again: () => boolean): void;
  /** Says that what was asked for is done and shown, a plan paused for instance: the cell ends at once and shows no error. */
  accepted?(): void;
}

const KEY: unique symbol = Symbol.for("secop-lab.host") as never;
type Global = { [KEY]?: Host };

/** A process without a notebook: bundles are printed as text, nothing is updated in place. */
const terminal: Host = {
  rich: false,
  display: (bundle, options) => {
    if (!options?.update) console.log(bundle["text/plain"]);
  },
  currentSignal: () => undefined,
  bind: (fn) => fn,
  onShutdown: (fn) => {
    const run = () => void fn();
    if (atExit.size === 0) process.once("beforeExit", runAtExit);
    atExit.add(run);
    return () => {
      atExit.delete(run);
      if (atExit.size === 0) process.off("beforeExit", runAtExit);
    };
  },
};

/** One listener of the process for all of them: Node warns of more than ten. */
const atExit = new Set<() => void>();

function runAtExit(): void {
  const all = [...atExit];
  atExit.clear();
  for (const run of all) run();
}

export function currentHost(): Host {
  return (globalThis as Global)[KEY] ?? terminal;
}

/** For kernels and runners: makes `host` the place where views of this process appear. */
export function registerHost(host: Host): void {
  (globalThis as Global)[KEY] = host;
}
