/**
 * The session of one notebook: it runs cells one after the other, and answers questions about their code.
 *
 * It knows no sockets. It may use compiler/ (TypeScript to JavaScript), magics/, output/ (where results go)
 * and stop/ (what an interrupt must not cut off). Begin with notebookSession.ts, then cellRace.ts
 * (interrupts) and cellExecutor.ts (tslab's executor).
 */

export { isCommMessage, notebookComms } from "./comms";
export type { ExecuteReply, ExecuteRequest, ExecutionClient, NotebookSession } from "./notebookSession";
export { startSession } from "./startSession";
