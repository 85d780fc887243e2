/** Sees from the control thread that memory fills up: else the process would end without a word to the person. */

import { freemem, totalmem } from "node:os";
import type { CodeStopper } from "./codeStopper";
import { heapInUse } from "./mainThread";

/** Below this share of its limit the heap is left alone; above it V8 is asked to tell when it is full: a quick loop fills the rest in half a second. */
const CALM = 0.25;
/** How full the heap may be, as a share of its limit: V8 spends most of the time on collections when there is less left. */
const FULL_HEAP = 0.85;
/** The same of the machine's memory. */
const FULL_MACHINE = 0.9;
/** Or less, if so little of the machine's memory is left for everybody, most of it being ours. */
const SCARCE = 0.03;
/** Memory that was freed may stay with the process: what code holds, as a share of the limit, must be much, too. */
const OURS = 0.5;
/** Code that was stopped leaves what it stored; it is told again only when there is so much more (share of the limit). */
const STEP = 0.03;
const POLL_MS = 40;

const GC =
  'process.getBuiltinModule("v8").setFlagsFromString("--expose-gc"), process.getBuiltinModule("vm").runInNewContext("gc")';
/** The inspector's own collection waits for the code to end; this one does not. */
const COLLECT = `(${GC})()`;
/** By objects and buffers. The small collection waits for the sweep of buffers, which the large one leaves to another thread. */
const HELD = `(${GC})({ type: "minor" }), (({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())`;

/** Stops code that fills the heap with objects, or the machine with buffers, before the process ends of it. */
export class MemoryWatch {
  readonly #stopper: CodeStopper;
  readonly #heap: Budget;
  readonly #machine = new Budget(machineLimit(), FULL_MACHINE);
  readonly #timer: NodeJS.Timeout;
  #size = process.memoryUsage.rss();
  #looking = false;

  /** `heapLimit`: of the main thread, in bytes, for what code keeps. */
  constructor(stopper: CodeStopper, heapLimit: number) {
    this.#stopper = stopper;
    this.#heap = new Budget(heapLimit, FULL_HEAP);
    // An interval, since what the main thread answers does not wake a thread that has nothing to do by itself.
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
    const calm = CALM * this.#heap.limit;
    const heap = size > calm ? await heapInUse() : 0;
    if (heap > calm) this.#stopper.guardHeap();
    else this.#stopper.release();
    if (this.#isFull(heap, size) && grows) await this.#stopGrowth();
    this.#looking = false;
  }

  #isFull(heap: number, size: number): boolean {
    const full = [this.#heap.isExceeded(heap), this.#machine.isExceeded(size), isScarce(size)];
    return full.includes(true);
  }

  /** What is only garbage does no harm. */
  async #stopGrowth(): Promise<void> {
    await this.#stopper.evaluate(COLLECT);
    const heap = await heapInUse();
    const size = process.memoryUsage.rss();
    if (!this.#isFull(heap, size)) return;
    if (!this.#heap.isExceeded(heap) && Number(await this.#stopper.evaluate(HELD)) < OURS * this.#machine.limit) return;
    const ofHeap = this.#heap.isExceeded(heap);
    const [budget, usedBytes] = ofHeap ? [this.#heap, heap] : [this.#machine, size];
    if (!(await this.#stopper.stop({ usedBytes, limitBytes: budget.limit }))) return;
    // The code went on until it was stopped.
    budget.tolerate(ofHeap ? await heapInUse() : process.memoryUsage.rss());
  }
}

class Budget {
  readonly limit: number;
  readonly #full: number;
  #tolerated: number;

  /** `share`: of the limit, from which on it counts as full. */
  constructor(limit: number, share: number) {
    this.limit = limit;
    this.#full = share * limit;
    this.#tolerated = this.#full;
  }

  isExceeded(used: number): boolean {
    if (used < this.#full) this.#tolerated = this.#full;
    return used > this.#tolerated;
  }

  tolerate(used: number): void {
    this.#tolerated = used + STEP * this.limit;
  }
}

function isScarce(size: number): boolean {
  return freemem() < SCARCE * totalmem() && size > OURS * totalmem();
}

/** Bytes; JupyterHub says in MEM_LIMIT what it gives a person, a container has a limit of its own. */
function machineLimit(): number {
  const total = totalmem();
  const given = Number(process.env.MEM_LIMIT) || total;
  return Math.min(total, given, process.constrainedMemory() || total);
}
