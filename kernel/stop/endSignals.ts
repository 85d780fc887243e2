/**
 * The signals that ask the kernel to end: SIGTERM (a service manager, `kill`) and SIGHUP (a closed terminal).
 */

// The control thread listens to them, since the main thread may be blocked. Node offers signals to the main
// thread only, so that this uses Node's binding; libuv delivers signals to every thread that listens.

import { constants } from "node:os";

interface SignalHandle {
  onsignal: () => void;
  start(signal: number): number;
  unref(): void;
}

/** Calls `listener` when the process is asked to end. Does nothing where Node has no such binding. */
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
  const { noDeprecation } = process;
  // Node would print a warning into the kernel's log.
  process.noDeprecation = true;
  try {
    type Bindings = { binding(name: string): { readonly Signal?: new () => SignalHandle } };
    // Node's types leave out `binding`, because it is deprecated.
    return (process as unknown as Bindings).binding("signal_wrap").Signal;
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}
