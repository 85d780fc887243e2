/** The part of a recording about one node: its description, the reports of its parameters, its answers. */

import { pieceDone } from "../../clock";
import { UsageError } from "../../errors";
import { parseJson } from "../../json";
import { oneLine } from "../../printable";
import { nodeKey, type RecordedLine, type Recording } from "../../rerun/format/index";
import { PendingReplies } from "../../secop/link/pendingReplies";
import { splitMessage } from "../../secop/wire/secopMessage";

/** A value that was reported. */
export interface RecordedReport {
  /** When it arrived, in seconds after the start of the recording. */
  readonly at: number;
  /** The value as on the wire. */
  readonly value: unknown;
  /** Whether the node sent it by itself, and not as the answer to a read. */
  readonly isUpdate: boolean;
}

/** A change or command, with its answer. */
export class RecordedCall {
  readonly action: string;
  readonly specifier: string;
  /** The value or argument as on the wire; undefined for none. */
  readonly value: unknown;
  readonly sentAt: number;
  /** When it was answered; undefined if it was not. */
  answeredAt: number | undefined;
  /** How many reports of the module's status had arrived when it was answered. */
  statusesBefore = 0;
  /** The answer: the first member of the report; undefined for an error. */
  result: unknown;
  error: { readonly code: string; readonly text: string } | undefined;

  constructor(action: string, specifier: string, value: unknown, sentAt: number) {
    this.action = action;
    this.specifier = specifier;
    this.value = value;
    this.sentAt = sentAt;
  }
}

/** The number of lines that are read at once, before this process handles messages and interrupts. */
const PIECE = 5000;

/** The key of the only node, or of the one at `uri`. @throws UsageError if there is none or several */
export function nodeIn(recording: Recording, uri?: string): string {
  const keys = recording.nodes.map(nodeKey);
  const wanted = uri === undefined ? keys : keys.filter((key) => key === nodeKey(uri));
  const [only, ...others] = wanted;
  const held = recording.nodes.map((node) => oneLine(node)).join(", ");
  if (only === undefined) {
    const holds = keys.length > 0 ? `: it holds ${held}` : "";
    throw new UsageError(`${recording.name} holds no ${uri ?? "node"}${holds}`);
  }
  if (others.length > 0)
    throw new UsageError(`${recording.name} holds several nodes: choose one of ${held} by its address`);
  return only;
}

/** Reads a node from a recording, in pieces: an hour of many parameters has a million lines. */
export async function recordedNode({ lines }: Recording, node: string): Promise<RecordedNode> {
  const recorded = new RecordedNode(node);
  for (let from = 0; from < lines.length; from += PIECE) {
    if (from > 0) await pieceDone();
    for (const line of lines.slice(from, from + PIECE)) recorded.take(line);
  }
  return recorded;
}

/** Collects what one node sent and answered. */
export class RecordedNode {
  /** The answer to `*IDN?`; undefined if it was not recorded. */
  identity: string | undefined;
  /** The first description, as JSON text; undefined if it was not recorded. */
  description: string | undefined;
  /** The reports of each parameter, by `module:parameter`. */
  readonly reports = new Map<string, RecordedReport[]>();
  readonly calls: RecordedCall[] = [];
  readonly #key: string;
  readonly #pending = new Map<number, PendingReplies<RecordedCall>>();

  /** @param key the `nodeKey` of its address */
  constructor(key: string) {
    this.#key = key;
  }

  /** Takes the next line of the recording. */
  take({ sign, connection, text, at }: RecordedLine): void {
    if (sign === "+" && nodeKey(text) === this.#key) this.#pending.set(connection, new PendingReplies());
    else if (sign === "-") this.#pending.delete(connection);
    const pending = this.#pending.get(connection);
    if (pending && sign === ">") this.#sent(text, at, pending);
    else if (pending && sign === "<") this.#received(text, at, pending);
  }

  #sent(text: string, at: number, pending: PendingReplies<RecordedCall>): void {
    const { action, specifier, json } = splitMessage(text);
    if (action === "*IDN?") return;
    const call = new RecordedCall(action, specifier, json === undefined ? undefined : jsonOf(json), at);
    pending.add(call);
    if (action === "change" || action === "do") this.calls.push(call);
  }

  #received(text: string, at: number, pending: PendingReplies<RecordedCall>): void {
    const { action, specifier, json } = splitMessage(text);
    if (this.identity === undefined && /^[^ ]*,[^ ]*,/.test(text)) this.identity = text;
    if (action === "describing") this.description ??= json;
    const data = json === undefined || action === "describing" ? undefined : jsonOf(json);
    const [value] = Array.isArray(data) ? data : [];
    if (action === "update" || action === "reply" || action === "changed") {
      const list = this.reports.get(specifier) ?? [];
      list.push({ at, value, isUpdate: action === "update" });
      this.reports.set(specifier, list);
    }
    const call = action === "update" ? undefined : pending.take(action, specifier);
    if (!call) return;
    call.answeredAt = at;
    call.statusesBefore = this.reports.get(`${specifier.split(":", 1)[0]}:status`)?.length ?? 0;
    if (action.startsWith("error_")) call.error = { code: String(value), text: String((data as unknown[])?.[1] ?? "") };
    else call.result = value;
  }
}

/** The value of a JSON text; undefined if it is damaged, since it then says nothing about the node. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
