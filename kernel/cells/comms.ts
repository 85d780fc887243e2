/**
 * Comms: channels of small messages between code of cells and views in the front-end
 * (jupyter-client, "Custom Messages").
 */

import { randomUUID } from "node:crypto";
import { UsageError } from "../../lib/errors";
import { bindToCell, type Cell, currentCell } from "../output/index";
import type { JupyterMessage } from "../protocol/index";

type Data = Readonly<Record<string, unknown>>;

/** One message from the front-end. */
export interface CommMessage {
  readonly data: Data;
  readonly metadata: Data;
  readonly buffers: readonly Uint8Array[];
}

/** Metadata and binary buffers of a message to a view. */
export interface CommOptions {
  readonly metadata?: Data;
  readonly buffers?: readonly Uint8Array[];
}

/** One channel to a view. Callbacks run as code of the cell that set them. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #cell: Cell | undefined;
  readonly #forget: () => void;
  #onMessage: ((message: CommMessage) => void) | undefined;
  #onClose: ((message: CommMessage) => void) | undefined;

  constructor(id: string, target: string, forget: () => void) {
    this.id = id;
    this.target = target;
    this.#cell = currentCell();
    this.#forget = forget;
  }

  /** Sends a message to the view. */
  send(data: Data, options?: CommOptions): void {
    this.publish("comm_msg", { comm_id: this.id, data }, options);
  }

  /** Closes the channel on both sides. */
  close(data: Data = {}, options?: CommOptions): void {
    this.publish("comm_close", { comm_id: this.id, data }, options);
    this.#forget();
  }

  /** Sets the function that receives the view's messages. */
  onMessage(fn: (message: CommMessage) => void): void {
    this.#onMessage = bindToCell(fn);
  }

  /** Sets the function that is called when the view closes the channel. */
  onClose(fn: (message: CommMessage) => void): void {
    this.#onClose = bindToCell(fn);
  }

  /** For the registry only. */
  receive(kind: "message" | "close", message: CommMessage): void {
    if (kind === "message") this.#onMessage?.(message);
    else this.#onClose?.(message);
  }

  /** For the registry only. */
  publish(type: string, content: Data, options?: CommOptions): void {
    this.#cell?.publish(type, content, options);
  }
}

/** Called when the front-end opens a comm. */
export type CommTarget = (comm: Comm, message: CommMessage) => void;

/** The comms that are open, and the targets that the front-end can open. */
export class CommRegistry {
  readonly #comms = new Map<string, Comm>();
  readonly #targets = new Map<string, CommTarget>();

  /** Lets the front-end open comms of `target`. Returns a function that undoes this. */
  registerTarget(target: string, onOpen: CommTarget): () => void {
    this.#targets.set(target, bindToCell(onOpen));
    return () => this.#targets.delete(target);
  }

  /** Opens a comm to a target that the front-end registered. */
  open(target: string, data: Data = {}, options?: CommOptions): Comm {
    const comm = this.#add(randomUUID(), target);
    comm.publish("comm_open", { comm_id: comm.id, target_name: target, data }, options);
    return comm;
  }

  /** The open comms (of one target), as the content of a comm_info_reply. */
  info(target?: unknown): Record<string, { target_name: string }> {
    const open = [...this.#comms.values()].filter((comm) => typeof target !== "string" || comm.target === target);
    return Object.fromEntries(open.map((comm) => [comm.id, { target_name: comm.target }]));
  }

  /** Passes a message of the front-end to its comm. */
  receive({ header, content, metadata, buffers }: JupyterMessage): void {
    const id = String(content.comm_id);
    const message: CommMessage = { data: (content.data ?? {}) as Data, metadata, buffers };
    if (header.msg_type === "comm_open") {
      this.#onOpen(id, String(content.target_name), message);
      return;
    }
    const comm = this.#comms.get(id);
    if (header.msg_type === "comm_close") this.#comms.delete(id);
    comm?.receive(header.msg_type === "comm_close" ? "close" : "message", message);
  }

  #onOpen(id: string, target: string, message: CommMessage): void {
    const comm = this.#add(id, target);
    const onOpen = this.#targets.get(target);
    if (onOpen) onOpen(comm, message);
    else comm.close({ error: new UsageError(`no comm target "${target}" is registered in this kernel`).message });
  }

  #add(id: string, target: string): Comm {
    const comm = new Comm(id, target, () => this.#comms.delete(id));
    this.#comms.set(id, comm);
    return comm;
  }
}

/** The comms of this process's notebook. */
export const notebookComms = new CommRegistry();

/** Whether a message of this type is for `notebookComms`. */
export function isCommMessage(type: string): boolean {
  return type === "comm_open" || type === "comm_msg" || type === "comm_close";
}
