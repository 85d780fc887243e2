import { type Cell, currentCell } from "./cell";
import { cellErrorOf } from "./cellError";

/** Of errors thrown by microtasks: before Node 24 their async context is gone when nobody caught them. */
const cells = new WeakMap<object, Cell>();

/** Shows an error that nobody caught in the cell whose code it came from; the kernel goes on. */
export function showUncaughtErrors(): void {
  const show = (error: unknown): void => {
    const report = cellErrorOf(error);
    const cell = (isObject(error) && cells.get(error)) || currentCell();
    if (cell) cell.publish("error", report);
    else console.error(report.traceback.join("\n"));
  };
  process.on("uncaughtException", show);
  process.on("unhandledRejection", show);
  rememberCellsOfMicrotasks();
}

function rememberCellsOfMicrotasks(): void {
  const { queueMicrotask } = globalThis;
  globalThis.queueMicrotask = (callback) => {
    // Node refuses it in words of its own.
    if (typeof callback !== "function") return queueMicrotask(callback);
    queueMicrotask(() => {
      try {
        callback();
      } catch (error) {
        const cell = currentCell();
        if (cell && isObject(error)) cells.set(error, cell);
        throw error;
      }
    });
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
