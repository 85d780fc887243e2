/** The log that a node sends on request (`logging`, `log`). */

import { type Observable, Subject } from "rxjs";
import { parseJson } from "../json";
import type { NodeSession } from "./link/nodeSession";
import { parseErrorReport, reportedError } from "./wire/errorReport";
import type { RawMessage } from "./wire/secopMessage";

/** Levels of the spec. A node may have more, and sends a lower one if it does not know the requested one. */
export type RemoteLogLevel = "debug" | "info" | "error" | "off";

/** A line of a node's log. */
export interface RemoteLogMessage {
  /** Empty for the node itself. */
  readonly module: string;
  /** The level, by the name that the node gives it. */
  readonly level: string;
  readonly text: string;
}

/** Requests the log of a node and publishes its lines. */
export class RemoteLog {
  readonly #messages = new Subject<RemoteLogMessage>();
  /** Requested levels by module, "" for all: they are requested again after a reconnect. */
  readonly #levels = new Map<string, RemoteLogLevel>();

  get messages$(): Observable<RemoteLogMessage> {
    return this.#messages.asObservable();
  }

  /** Requests the log of a module, or of all; resolves with the level that the node will send. */
  async request(session: NodeSession, module: string, level: RemoteLogLevel): Promise<string> {
    const reply = await session.requestEvents("logging", module, level);
    const tried = `cannot get the log of ${module === "" ? "the node" : module}`;
    if (reply.action !== "logging") throw reportedError(tried, parseErrorReport(reply.json), module);
    this.#levels.set(module, level);
    return text(reply.json) || level;
  }

  /** Requests all levels again over a new session, to which the node sends no log by itself. */
  resume(session: NodeSession, complain: (problem: unknown) => void): void {
    for (const [module, level] of this.#levels) this.request(session, module, level).catch(complain);
  }

  /** Takes a `log` message. */
  receive({ specifier, json }: RawMessage): RemoteLogMessage {
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
  // SECoP 1.x may write "off" as false.
  if (value === false) return "off";
  return typeof value === "string" ? value : json;
}
