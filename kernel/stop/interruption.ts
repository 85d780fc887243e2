/** What the control thread must know to stop code that blocks: whether it may, and until when it should look. */

/** Index: above 0 while code of ours runs that must not be stopped half way. */
export const PROTECTED = 0;
/** Index: 1 while a cell was asked to end and has not. */
export const INTERRUPTING = 1;
/** Index: 1 when the control thread has closed its sockets. */
export const CLOSED = 2;

/** The main thread's global function that tells whether what runs there at the moment is code of a cell. */
export const RUNS_A_CELL = Symbol.for("secop-lab.runsACell");

/** Both threads see it at any time: the kernel's main thread and its control thread. */
export const interruptState = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));

/** Runs code of ours that an interrupt must not stop half way, the language service for instance. */
export function protectedFromInterrupt<T>(fn: () => T): T {
  Atomics.add(interruptState, PROTECTED, 1);
  try {
    return fn();
  } finally {
    Atomics.sub(interruptState, PROTECTED, 1);
  }
}

/** Says whether a cell was asked to end and has not: until then, code that blocks this thread is stopped. */
export function setInterrupting(interrupting: boolean): void {
  Atomics.store(interruptState, INTERRUPTING, interrupting ? 1 : 0);
}
