/** Where the code runs: our kernel, the headless runner or a plain process. */

import type { MimeBundle } from "./mimeBundle";

/**
 * What the library needs of the place where it runs. Our kernel registers its host under a global symbol and
 * not by import, since a workspace may load its own copy of this package.
 */
export interface Host {
  /** Whether bundles are rendered, as in a notebook. If not, views print lines of text. */
  readonly rich: boolean;
  /** Whether nobody can type code, so that views name no code to type. Default false. */
  readonly readOnly?: boolean;
  /**
   * Shows a bundle in the current cell. With `id`, a later call with the same `id` and `update` replaces the
   * output.
   */
  display(bundle: MimeBundle, options?: { readonly id?: string; readonly update?: boolean }): void;
  /**
   * Aborts when the user interrupts the running cell, with an `Interruption` as its reason. Undefined after
   * the end of the cell.
   */
  currentSignal(): AbortSignal | undefined;
  /** Binds a callback to the current cell, so that its output appears there. */
  bind<F extends (...args: never[]) => unknown>(fn: F): F;
  /**
   * Asks the user for a line of text in the current cell. Undefined if that is not possible: the front-end
   * cannot ask, or the cell has ended.
   */
  ask?(prompt: string): Promise<string> | undefined;
  /**
   * Lets the current cell wait until `work` has settled, a few seconds at most, for output that comes shortly
   * after the code.
   */
  hold?(work: Promise<unknown>): void;
  /**
   * Calls `fn` when the code of the current cell has ended, before its reply. Returns false, and does not
   * call it, if no cell runs.
   */
  atCellEnd?(fn: () => void): boolean;
  /**
   * Runs `fn` before the process ends, for closing connections and files. With "activity", `fn` ends a plan
   * or the like, and runs before the others. Returns a function that removes `fn`.
   */
  onShutdown(fn: () => void | Promise<void>, kind?: "activity"): () => void;
  /**
   * Calls `fn` after code was stopped by force, for example an interrupted endless loop. The functions on its
   * stack have ended without their `finally`, and async ones among them never settle. Returns a function that
   * removes `fn`.
   */
  onCodeStopped?(fn: () => void): () => void;
  /** Interrupts the running cells, as the user does. */
  interrupt?(): void;
  /** The name that the notebook has for an object, so that a hint can be pasted; undefined if it has none. */
  nameOf?(object: object): string | undefined;
  /** Where the code comes from that runs now, for the metadata of runs; undefined if no cell has run yet. */
  codeOrigin?(): CodeOrigin | undefined;
}

/** The code of a notebook that runs now. */
export interface CodeOrigin {
  /** The path of the notebook, or of a script that runs as one cell, if the front-end says it. */
  readonly notebook?: string;
  /** The id of the cell in the notebook, if the front-end says it. */
  readonly cellId?: string;
  /** The number in `In[n]`. */
  readonly executionCount: number;
  readonly code: string;
  /** The values of the parameters of the notebook now. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The versions of the packages that its cells have imported, and of the compiler. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** The reason of the abort of `currentSignal()` after an interrupt. All members are optional. */
export interface Interruption {
  /** True if nobody can resume what is paused, so that it must end instead. */
  readonly final?: boolean;
  /**
   * Code that handles the interrupt, for example a plan on its way to a checkpoint, calls this. The cell then
   * waits for `until`, however long it takes. `again` is called at the next interrupt and returns whether it
   * could make anything faster.
   */
  serving?(until: Promise<unknown>, again: () => boolean): void;
  /**
   * Code that has done what was asked, for example paused a plan, calls this. The cell ends at once and shows
   * no error; its code goes on later, and declares the rest of its names then.
   * @param until says what the code waits for, to follow "run is there when", e.g. "the plan ends"; undefined
   * if it waits no longer
   */
  accepted?(until?: () => string | undefined): void;
}

const KEY: unique symbol = Symbol.for("secop-lab.host") as never;
type Global = { [KEY]?: Host };

/** The host of a process without a notebook: bundles are printed as text, and updates are not shown. */
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

/** All functions for the end of the process. They share one listener, since Node warns of more than ten. */
const atExit = new Set<() => void>();

function runAtExit(): void {
  const all = [...atExit];
  atExit.clear();
  for (const run of all) run();
}

/** The registered host, else the terminal. */
export function currentHost(): Host {
  return (globalThis as Global)[KEY] ?? terminal;
}

/** Sets the host of this process. For kernels and runners. */
export function registerHost(host: Host): void {
  (globalThis as Global)[KEY] = host;
}

/** Makes this process, which has no notebook, one that only shows what others do: see `Host.readOnly`. */
export function registerReadOnlyTerminal(): void {
  registerHost({ ...terminal, readOnly: true });
}
