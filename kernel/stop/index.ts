/**
 * Stops code that blocks the kernel's main thread: an endless loop that was interrupted, or code that fills
 * the memory.
 *
 * It may use protocol/ only. Begin with controlThread.ts: that thread owns the control and heartbeat sockets,
 * so that it listens to the front-end at any time. codeStopper.ts stops code through V8's inspector, and
 * memoryWatch.ts decides when memory is full. interruption.ts holds the state that both threads share.
 */

export type { MemoryUse } from "./codeStopper";
export type { ControlThreadCommand, ControlThreadData, ControlThreadEvent } from "./controlThread";
export {
  CLOSED,
  interruptState,
  protectedFromInterrupt,
  RUNS_A_CELL,
  setInterrupting,
  whileChildBlocks,
} from "./interruption";
