// The log a node sends on request (`logging`, `log`).

import { type Observable, Subject } from "rxjs";
import type { Session } from "./link/nodeSession";
import type { Reply } from "./link/pendingReplies";
import { parseErrorReport, reportedError } from "./wire/errorReport";
import { parseJson } from "./wire/json";

/** A node may know more levels, and sends a lower one if it does not know the one asked for. */
export type RemoteLogLevel = "debug" | "info" | "error" | "off";

export interface RemoteLogMessage {
  /** Empty for the node itself. */
  readonly module: string;
  /** As the node calls it. */
  readonly level: string;
  readonly text: string;
}

export class RemoteLog {
  readonly #messages = new Subject<RemoteLogMessage>();
  /** By module, "" for all: to ask again after a reconnect. */
  readonly #levels = new Map<string, RemoteLogLevel>();

  get messages$(): Observable<RemoteLogMessage> {
    return this.#messages.asObservable();
  }

  /** Asks for the log of a module, or of all; resolves with the level the node will send. */
  async request(session: Session, module: string, level: RemoteLogLevel): Promise<string> {
    const reply = await session.requestEvents("logging", module, level);
    const tried = `cannot get the log of ${module === "" ? "the node" : module}`;
    if (reply.action !== "logging") throw reportedError(tried, parseErrorReport(reply.json), module);
    this.#levels.set(module, level);
    return text(reply.json) || level;
  }

  /** A new session sends no log until asked. */
  resume(session: Session, complain: (problem: unknown) => void): void {
    for (const [module, level] of this.#levels) this.request(session, module, level).catch(complain);
  }

  /** Takes a `log` event. */
  receive({ specifier, json }: Reply): RemoteLogMessage {
    const colon = specifier.lastIndexOf(":");
    const [module, level] = colon < 0 ? ["", specifier] : [specifier.slice(0, colon), specifier.slice(colon + 1)];
    const message = { module, level, text: text(json) };
    this.#messages.next(message);
    return message;
  }

  close(): void {
    this.#messages.complete();
  }
}

function text(json: string | undefined): string {
  if (json === undefined) return "";
  const value = parseJson(json);
  // SECoP 1.x may say off in this way
  if (value === false) return "off";
  return typeof value === "string" ? value : json;
}
