/**
 * Questions to the main thread, through V8's inspector: it answers at any time, in the middle of its code.
 */

import { type Runtime, Session } from "node:inspector";

/**
 * Resolves with the used bytes of the main thread's heap, garbage included. This runs no JavaScript there.
 */
export async function heapInUse(): Promise<number> {
  let used = 0;
  await withSession((session, done) =>
    session.post("Runtime.getHeapUsage", (_, usage) => {
      used = (usage as { readonly usedSize: number }).usedSize;
      done();
    }),
  );
  return used;
}

/**
 * Resolves with the value of the expression, or undefined if it throws. Use `CodeStopper.evaluate`, which
 * keeps it apart from pauses.
 */
export async function evaluateOnMainThread(expression: string): Promise<unknown> {
  let value: unknown;
  await withSession((session, done) =>
    session.post("Runtime.evaluate", { expression, returnByValue: true }, (_, given) => {
      value = (given as Runtime.EvaluateReturnType | undefined)?.result.value;
      done();
    }),
  );
  return value;
}

async function withSession(ask: (session: Session, done: () => void) => void): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  try {
    await new Promise<void>((resolve) => ask(session, resolve));
  } finally {
    session.disconnect();
  }
}
