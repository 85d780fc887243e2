/** The TCP connection to one pvAccess server, shared by all its channels and operations. */

import { connect, type Socket } from "node:net";
import { hostname, userInfo } from "node:os";
import { errorText } from "../../errors";
import { printable } from "../../printable";
import type { UdpAddress } from "../search/serverAddresses";
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
export interface ConnectedChannel {
  readonly id: number;
  readonly name: string;
  /** The server has the channel, under this number. */
  created(serverId: number): void;
  refused(reason: string): void;
  /** The server does not have the channel any more, or the connection is lost. */
  lost(reason: string): void;
}

/** An operation that waits for messages of the server. */
export interface OpenOperation {
  receive(phase: number, from: PvaReader): void;
  lost(reason: string): void;
}

/** Seconds between two echoes, which also show the server that we are there. */
const ECHO = 15;
/** Seconds of silence after which the server is gone. */
const SILENCE = 40;
/** The size of the buffer that we announce, and the number of types that the server may refer to. */
const RECEIVE_BUFFER = 0x1_0000;
const MOST_TYPES = 0x7fff;
const FATAL = "the connection is lost";

/** Passes messages to the operations, and losses to the channels. */
export class PvaConnection {
  readonly #address: UdpAddress;
  readonly #onClosed: () => void;
  readonly #socket: Socket;
  readonly #channels = new Map<number, ConnectedChannel>();
  readonly #operations = new Map<number, OpenOperation>();
  readonly #types: TypeCache = new Map();
  readonly #echo: NodeJS.Timeout;
  /** Messages that wait until the server has accepted the connection. */
  #waiting: (() => void)[] | undefined = [];
  #onSearchAnswer: ((from: PvaReader, sender: string) => void) | undefined;
  #bigEndian = false;
  #lastId = 0;
  #heardMs = performance.now();
  #corked = false;
  #closed = false;

  /** Connects at once; `onClosed` is called when the last channel has detached or the connection is lost. */
  constructor(address: UdpAddress, onClosed: () => void) {
    this.#address = address;
    this.#onClosed = onClosed;
    const splitter = new PvaMessageSplitter();
    const onMessage = (message: PvaMessage) => this.#receive(message);
    this.#socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    this.#socket.on("data", (chunk) => {
      this.#heardMs = performance.now();
      try {
        splitter.push(chunk, onMessage);
      } catch (error) {
        this.close(`the server sent data that is not pvAccess (${errorText(error)})`);
      }
    });
    this.#socket.on("error", (error) => this.close(error.message));
    this.#socket.on("close", () => this.close("the server closed the connection"));
    this.#echo = setInterval(() => this.#watch(), 1000 * ECHO).unref();
  }

  /** Asks the server for a channel. */
  attach(channel: ConnectedChannel): void {
    this.#channels.set(channel.id, channel);
    this.send(PvaCommand.createChannel, (to) => {
      to.u16(1);
      to.u32(channel.id);
      to.text(channel.name);
    });
  }

  /** Gives up a channel; without channels the connection closes. */
  detach(channel: ConnectedChannel, serverId: number | undefined): void {
    if (!this.#channels.delete(channel.id)) return;
    if (serverId !== undefined)
      this.send(PvaCommand.destroyChannel, (to) => {
        to.u32(serverId);
        to.u32(channel.id);
      });
    queueMicrotask(() => this.#channels.size === 0 && this.close("its last channel was released"));
  }

  /** Registers an operation and returns its number. */
  begin(operation: OpenOperation): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    this.#operations.set(this.#lastId, operation);
    if (this.#closed) queueMicrotask(() => operation.lost(FATAL));
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
    if (this.#closed) return;
    if (this.#waiting) this.#waiting.push(() => this.#write(encodePvaMessage(command, this.#bigEndian, write)));
    else this.#write(encodePvaMessage(command, this.#bigEndian, write));
  }

  ref(): void {
    this.#socket.ref();
  }

  /** Lets the process end although there is a connection. */
  unref(): void {
    this.#socket.unref();
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#echo);
    this.#socket.destroy();
    this.#onClosed();
    const { host, port } = this.#address;
    const message = `the connection to ${host}:${port} is lost: ${reason}`;
    const operations = [...this.#operations.values()];
    const channels = [...this.#channels.values()];
    this.#operations.clear();
    this.#channels.clear();
    for (const operation of operations) operation.lost(message);
    for (const channel of channels) channel.lost(message);
  }

  #write(bytes: Buffer): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      queueMicrotask(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(bytes);
  }

  #receive(message: PvaMessage): void {
    if (this.#closed) return;
    const { command, control, size, bigEndian, payload } = message;
    if (control) {
      if (command === PvaControl.setByteOrder) this.#bigEndian = bigEndian;
      else if (command === PvaControl.echoRequest)
        this.#write(encodePvaControl(PvaControl.echoResponse, this.#bigEndian, size));
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
      case PvaCommand.destroyChannel: {
        from.u32();
        const id = from.u32();
        const channel = this.#channels.get(id);
        this.#channels.delete(id);
        channel?.lost("the server no longer has it");
        return;
      }
      case PvaCommand.searchResponse:
        this.#onSearchAnswer?.(from, this.#socket.remoteAddress ?? this.#address.host);
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
    this.#write(encodePvaMessage(PvaCommand.connectionValidation, this.#bigEndian, answer));
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
    const channel = this.#channels.get(from.u32());
    const serverId = from.u32();
    const status = readStatus(from);
    if (!channel) return;
    if (!status.failed) channel.created(serverId);
    else channel.refused(printable(status.message));
  }

  #watch(): void {
    const quiet = (performance.now() - this.#heardMs) / 1000;
    if (quiet > SILENCE) this.close(`the server has been silent for ${Math.round(quiet)} s`);
    else this.send(PvaCommand.echo, () => {});
  }
}

/** The user's name, by which servers grant access. A process whose user has no name sends "secop-lab". */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "secop-lab";
  }
}
