/** Shows errors that nobody caught. */

import { type Cell, currentCell } from "./cell";
import { cellErrorOf } from "./cellError";

/**
 * The cells of errors thrown by microtasks: before Node 24, the async context of such an error is
 * lost when nobody catches it.
 */
const cellOfError = new WeakMap<object, Cell>();

/** Shows each uncaught error in the cell whose code threw it; the kernel continues. */
export function showUncaughtErrors(): void {
  const show = (error: unknown): void => {
    const report = cellErrorOf(error);
    const cell = (isObject(error) && cellOfError.get(error)) || currentCell();
    if (cell) cell.publishUncaught(report);
    else console.error(report.traceback.join("\n"));
  };
  process.on("uncaughtException", show);
  process.on("unhandledRejection", show);
  rememberCellsOfMicrotasks();
}

/** Makes queueMicrotask remember the cell of an error that its callback throws. */
function rememberCellsOfMicrotasks(): void {
  const { queueMicrotask } = globalThis;
  globalThis.queueMicrotask = (callback) => {
    // Node itself rejects an argument that is not a function.
    if (typeof callback !== "function") return queueMicrotask(callback);
    queueMicrotask(() => {
      try {
        callback();
      } catch (error) {
        const cell = currentCell();
        if (cell && isObject(error)) cellOfError.set(error, cell);
        throw error;
      }
    });
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
