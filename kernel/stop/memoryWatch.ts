/** Watches the memory from the control thread, and stops code that fills it. */

// Without it, the process would run out of memory and end without an error in the cell.

import { freemem, totalmem } from "node:os";
import type { CodeStopper } from "./codeStopper";
import { heapInUse } from "./mainThread";

/**
 * From this share of its limit on, V8 guards the heap itself (`CodeStopper.guardHeap`): a fast loop fills
 * the rest in half a second.
 */
const GUARDED_HEAP = 0.25;
/**
 * The heap counts as full from this share of its limit on: V8 then spends most of
 * its time collecting garbage.
 */
const FULL_HEAP = 0.85;
/** The process counts as full from this share of the machine's memory on. */
const FULL_MACHINE = 0.9;
/**
 * It also counts as full if less than this share of the machine's memory is free and
 * this process uses most of it.
 */
const SCARCE_FREE_MEMORY = 0.03;
/**
 * A process keeps freed memory, so its size alone proves nothing: code must also
 * hold this share of the limit.
 */
const HELD_BY_CODE = 0.5;
/**
 * Stopped code leaves behind what it stored: other code is stopped only when so much more is in
 * use (share of the limit).
 */
const GROWTH_AFTER_STOP = 0.03;
const POLL_MS = 40;

const GC =
  'process.getBuiltinModule("v8").setFlagsFromString("--expose-gc"), process.getBuiltinModule("vm").runInNewContext("gc")';
/**
 * Collects garbage in the middle of running code. The inspector's own collection would
 * wait for the code to end.
 */
const COLLECT = `(${GC})()`;
/**
 * The bytes of objects and buffers that code holds. The minor collection waits until freed buffers are swept;
 * the full one leaves that to another thread.
 */
const HELD_BYTES = `(${GC})({ type: "minor" }), (({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())`;

/**
 * Stops code that fills the heap with objects, or the machine with buffers, before the
 * process runs out of memory.
 */
export class MemoryWatch {
  readonly #stopper: CodeStopper;
  readonly #heap: Budget;
  readonly #machine = new Budget(machineLimit(), FULL_MACHINE);
  readonly #timer: NodeJS.Timeout;
  #size = process.memoryUsage.rss();
  #looking = false;

  /** @param heapLimit Bytes of the main thread's heap that objects may use. */
  constructor(stopper: CodeStopper, heapLimit: number) {
    this.#stopper = stopper;
    this.#heap = new Budget(heapLimit, FULL_HEAP);
    // An interval, because an answer of the main thread alone does not wake this thread.
    this.#timer = setInterval(() => {
      if (!this.#looking && !this.#stopper.stopping) void this.#look();
    }, POLL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopper.release();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const size = process.memoryUsage.rss();
    const grows = size > this.#size;
    this.#size = size;
    const guarded = GUARDED_HEAP * this.#heap.limit;
    const heap = size > guarded ? await heapInUse() : 0;
    if (heap > guarded) this.#stopper.guardHeap();
    else this.#stopper.release();
    if (this.#isFull(heap, size) && grows) await this.#stopGrowth();
    this.#looking = false;
  }

  #isFull(heap: number, size: number): boolean {
    const full = [this.#heap.isExceeded(heap), this.#machine.isExceeded(size), isScarce(size)];
    return full.includes(true);
  }

  /** Collects garbage first, and stops the code only if memory is still full. */
  async #stopGrowth(): Promise<void> {
    await this.#stopper.evaluate(COLLECT);
    const heap = await heapInUse();
    const size = process.memoryUsage.rss();
    if (!this.#isFull(heap, size)) return;
    if (
      !this.#heap.isExceeded(heap) &&
      Number(await this.#stopper.evaluate(HELD_BYTES)) < HELD_BY_CODE * this.#machine.limit
    )
      return;
    const ofHeap = this.#heap.isExceeded(heap);
    const [budget, usedBytes] = ofHeap ? [this.#heap, heap] : [this.#machine, size];
    if (!(await this.#stopper.stop({ usedBytes, limitBytes: budget.limit }))) return;
    // Measure again: the code continued to allocate until it was stopped.
    budget.tolerate(ofHeap ? await heapInUse() : process.memoryUsage.rss());
  }
}

class Budget {
  readonly limit: number;
  readonly #full: number;
  #tolerated: number;

  /** @param share The share of `limit` from which on it counts as full. */
  constructor(limit: number, share: number) {
    this.limit = limit;
    this.#full = share * limit;
    this.#tolerated = this.#full;
  }

  /** Whether it is full, and fuller than what was tolerated. */
  isExceeded(used: number): boolean {
    if (used < this.#full) this.#tolerated = this.#full;
    return used > this.#tolerated;
  }

  /** Accepts the present use, and a little more: what stopped code has stored stays. */
  tolerate(used: number): void {
    this.#tolerated = used + GROWTH_AFTER_STOP * this.limit;
  }
}

function isScarce(size: number): boolean {
  return freemem() < SCARCE_FREE_MEMORY * totalmem() && size > HELD_BY_CODE * totalmem();
}

/**
 * The memory that this process may use, in bytes: that of the machine, of its container, or what
 * JupyterHub grants in MEM_LIMIT.
 */
function machineLimit(): number {
  const total = totalmem();
  const given = Number(process.env.MEM_LIMIT) || total;
  return Math.min(total, given, process.constrainedMemory() || total);
}
