/**
 * The signals that ask the kernel to end: SIGTERM (a service manager, `kill`) and SIGHUP (a closed terminal).
 */

// The control thread listens to them, since the main thread may be blocked. Node offers signals to the main
// thread only, so that this uses Node's own binding, which the option --expose-internals of the kernel's
// command makes reachable; libuv delivers signals to every thread that listens.

import { constants } from "node:os";

interface SignalHandle {
  onsignal: () => void;
  start(signal: number): number;
  unref(): void;
}

/** Calls `listener` when the process is asked to end. Does nothing in a process without that option. */
export function onEndSignal(listener: () => void): void {
  const Signal = signalClass();
  if (!Signal) return;
  for (const name of ["SIGTERM", "SIGHUP"] as const) {
    const handle = new Signal();
    handle.unref();
    handle.onsignal = listener;
    handle.start(constants.signals[name]);
    handles.push(handle);
  }
}

/** A handle that is collected as garbage no longer listens. */
const handles: SignalHandle[] = [];

function signalClass(): (new () => SignalHandle) | undefined {
  const { emitWarning } = process;
  // Node would print into the kernel's log that this module is for its own tests.
  process.emitWarning = () => {};
  try {
    // A module of Node that its types leave out.
    const { internalBinding } = require("internal/test/binding") as {
      internalBinding(name: string): { readonly Signal: new () => SignalHandle };
    };
    return internalBinding("signal_wrap").Signal;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
