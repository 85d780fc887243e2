/**
 * The state that the kernel's two threads share: whether code may be stopped, and whether a
 * cell is being interrupted.
 */

/** Index of a counter: above 0 while code of the kernel runs that must not be stopped half-way. */
export const PROTECTED = 0;
/** Index of a flag: 1 while an interrupted cell has not ended. */
export const INTERRUPTING = 1;
/** Index of a flag: 1 when the control thread has closed its sockets. */
export const CLOSED = 2;

/** Index of the state of a child process that blocks the main thread: one of the three values below. */
export const CHILD = 3;
const NO_CHILD = 0;
/** The main thread waits for a child process. */
export const CHILD_BLOCKS = 1;
/** The control thread has ended that child because of an interrupt. */
export const CHILD_INTERRUPTED = 2;

/**
 * Key of a global function of the main thread: it returns whether the code that runs at the
 * moment belongs to a cell.
 */
export const RUNS_A_CELL = Symbol.for("secop-lab.runsACell");

/** Shared by the main thread and the control thread. */
export const interruptState = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT));

/** Runs code that an interrupt must not stop half-way, for instance the language service. */
export function protectedFromInterrupt<T>(fn: () => T): T {
  Atomics.add(interruptState, PROTECTED, 1);
  try {
    return fn();
  } finally {
    Atomics.sub(interruptState, PROTECTED, 1);
  }
}

/**
 * Runs a call that waits for a child process. Meanwhile, an interrupt ends the child, since code that is
 * outside of JavaScript cannot be stopped. Returns the result and whether that happened.
 */
export function whileChildBlocks<T>(call: () => T): { readonly value: T; readonly interrupted: boolean } {
  Atomics.store(interruptState, CHILD, CHILD_BLOCKS);
  let interrupted = false;
  try {
    const value = call();
    interrupted = Atomics.load(interruptState, CHILD) === CHILD_INTERRUPTED;
    return { value, interrupted };
  } finally {
    Atomics.store(interruptState, CHILD, NO_CHILD);
  }
}

/**
 * Sets whether an interrupted cell has yet to end: until it ends, code that blocks this thread is stopped.
 */
export function setInterrupting(interrupting: boolean): void {
  Atomics.store(interruptState, INTERRUPTING, interrupting ? 1 : 0);
}
