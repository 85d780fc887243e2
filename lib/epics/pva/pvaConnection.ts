/** The TCP connection to one pvAccess server, shared by all its channels and operations. */

import { hostname } from "node:os";
import type { UdpAddress } from "../server/serverAddresses";
import { type ServerChannel, ServerConnection, userName } from "../server/serverConnection";
import {
  encodePvaControl,
  encodePvaMessage,
  PvaCommand,
  PvaControl,
  type PvaMessage,
  PvaMessageSplitter,
} from "./pvaMessage";
import { PvaReader, type TypeCache } from "./pvaReader";
import { readStatus } from "./pvaStatus";
import type { PvaWriter } from "./pvaWriter";
import { fieldFor, writeValue } from "./pvData";
import { writeField } from "./pvFieldCodec";

/** What a connection needs of a channel. */
export interface ConnectedChannel extends ServerChannel {
  /** The server has the channel, under this number. */
  created(serverId: number): void;
  refused(reason: string): void;
}

/** An operation that waits for messages of the server. */
export interface OpenOperation {
  receive(phase: number, from: PvaReader): void;
  lost(reason: string): void;
}

/** Seconds without data, not even the answer to an echo, after which the server counts as gone. */
const SILENCE = 40;
/** The size of the buffer that we announce, and the number of types that the server may refer to. */
const RECEIVE_BUFFER = 0x1_0000;
const MOST_TYPES = 0x7fff;
const FATAL = "the connection is lost";

/** Passes messages to the operations, and losses to the channels. */
export class PvaConnection extends ServerConnection<ConnectedChannel, PvaMessage> {
  readonly #operations = new Map<number, OpenOperation>();
  readonly #types: TypeCache = new Map();
  /** Messages that wait until the server has accepted the connection. */
  #waiting: (() => void)[] | undefined = [];
  #onSearchAnswer: ((from: PvaReader, sender: string) => void) | undefined;
  #bigEndian = false;
  #lastId = 0;

  /** Connects at once; `onClosed` is called when the last channel has detached or the connection is lost. */
  constructor(address: UdpAddress, onClosed: () => void) {
    super(address, { name: "pvAccess", splitter: new PvaMessageSplitter(), silence: SILENCE }, onClosed);
  }

  /** Registers an operation and returns its number. */
  begin(operation: OpenOperation): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    this.#operations.set(this.#lastId, operation);
    if (this.socket.closed) queueMicrotask(() => operation.lost(FATAL));
    return this.#lastId;
  }

  /** Forgets an operation, at the server as well unless it has forgotten it by itself. */
  end(id: number, serverId: number | undefined): void {
    if (!this.#operations.delete(id) || serverId === undefined) return;
    this.send(PvaCommand.destroyRequest, (to) => {
      to.u32(serverId);
      to.u32(id);
    });
  }

  /** Uses the connection to search; the answers are passed on with the address of the server. */
  search(write: (to: PvaWriter) => void, onAnswer: (from: PvaReader, sender: string) => void): void {
    this.#onSearchAnswer = onAnswer;
    this.send(PvaCommand.search, write);
  }

  /** Sends a message; those of one turn of the event loop are sent together. */
  send(command: number, write: (to: PvaWriter) => void): void {
    if (this.socket.closed) return;
    const send = () => this.socket.send(encodePvaMessage(command, this.#bigEndian, write));
    if (this.#waiting) this.#waiting.push(send);
    else send();
  }

  ref(): void {
    this.socket.ref();
  }

  /** Lets the process end although there is a connection. */
  unref(): void {
    this.socket.unref();
  }

  close(reason: string): void {
    this.socket.close(reason);
  }

  protected create(channel: ConnectedChannel): void {
    this.send(PvaCommand.createChannel, (to) => {
      to.u16(1);
      to.u32(channel.id);
      to.text(channel.name);
    });
  }

  protected clear(channel: ConnectedChannel, serverId: number): void {
    this.send(PvaCommand.destroyChannel, (to) => {
      to.u32(serverId);
      to.u32(channel.id);
    });
  }

  protected echo(): void {
    this.send(PvaCommand.echo, () => {});
  }

  protected fail(message: string): void {
    const operations = [...this.#operations.values()];
    this.#operations.clear();
    for (const operation of operations) operation.lost(message);
  }

  protected receive(message: PvaMessage): void {
    const { command, control, size, bigEndian, payload } = message;
    if (control) {
      if (command === PvaControl.setByteOrder) this.#bigEndian = bigEndian;
      else if (command === PvaControl.echoRequest)
        this.socket.send(encodePvaControl(PvaControl.echoResponse, this.#bigEndian, size));
      return;
    }
    const from = new PvaReader(payload, bigEndian, this.#types);
    switch (command) {
      case PvaCommand.connectionValidation:
        this.#validate(from);
        return;
      case PvaCommand.connectionValidated:
        this.#validated(from);
        return;
      case PvaCommand.createChannel:
        this.#created(from);
        return;
      case PvaCommand.destroyChannel:
        from.u32();
        this.forget(from.u32());
        return;
      case PvaCommand.searchResponse:
        this.#onSearchAnswer?.(from, this.socket.remoteAddress);
        return;
      case PvaCommand.get:
      case PvaCommand.put:
      case PvaCommand.monitor:
      case PvaCommand.rpc:
        this.#operations.get(from.u32())?.receive(from.u8(), from);
        return;
      default:
        // Echoes, and messages for the log of a server's operator, need no answer.
        return;
    }
  }

  /** Answers what the server asks of a new client: its buffers, and who the user is. */
  #validate(from: PvaReader): void {
    from.u32();
    from.u16();
    const offered = Array.from({ length: Math.min(from.size(), from.remaining) }, () => from.text());
    const named = offered.includes("ca");
    const answer = (to: PvaWriter) => {
      to.u32(RECEIVE_BUFFER);
      to.u16(MOST_TYPES);
      to.u16(0);
      to.text(named ? "ca" : "anonymous");
      const user = named ? { user: userName(), host: hostname() } : undefined;
      const field = fieldFor(user);
      writeField(to, field);
      if (field) writeValue(to, field, user);
    };
    this.socket.send(encodePvaMessage(PvaCommand.connectionValidation, this.#bigEndian, answer));
  }

  #validated(from: PvaReader): void {
    const status = readStatus(from);
    if (status.failed) {
      this.close(`the server refuses this client: ${status.message}`);
      return;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const send of waiting) send();
  }

  #created(from: PvaReader): void {
    const channel = this.channels.get(from.u32());
    const serverId = from.u32();
    const status = readStatus(from);
    if (!channel) return;
    if (!status.failed) channel.created(serverId);
    else channel.refused(status.message);
  }
}
