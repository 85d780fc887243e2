/** The base of the TCP connections to servers of both protocols of EPICS: channels, echoes and losses. */

import { userInfo } from "node:os";
import { MessageSocket } from "../../messageSocket";
import type { MessageSplitter } from "../../messageSplitter";
import type { UdpAddress } from "./serverAddresses";

/** A channel, as its connection uses it. */
export interface ServerChannel {
  /** Our number of the channel. */
  readonly id: number;
  readonly name: string;
  /** Called when the server no longer has the channel, or when the connection is lost. */
  lost(reason: string): void;
}

/** The differences between the protocols. */
export interface ServerProtocol<M> {
  readonly name: string;
  readonly splitter: MessageSplitter<M>;
  /** Seconds without data after which the server counts as gone. */
  readonly silence: number;
}

/** Seconds between two echoes, which also show the server that this client is alive. */
const ECHO = 15;
/** Seconds between two checks whether the server is silent. */
const LOOK = 5;

/** The connection to one server, shared by all its channels. It closes with the last one. */
export abstract class ServerConnection<C extends ServerChannel, M> {
  protected readonly channels = new Map<number, C>();
  protected readonly socket: MessageSocket<M>;
  readonly #address: UdpAddress;
  readonly #silence: number;
  readonly #onClosed: () => void;
  readonly #watchdog: NodeJS.Timeout;
  #sinceEcho = 0;

  /** Connects at once; `onClosed` is called when the last channel has detached or the connection is lost. */
  constructor(address: UdpAddress, { name: protocol, splitter, silence }: ServerProtocol<M>, onClosed: () => void) {
    this.#address = address;
    this.#silence = silence;
    this.#onClosed = onClosed;
    this.socket = new MessageSocket(address, {
      protocol,
      splitter,
      onMessage: (message) => this.receive(message),
      onClosed: (reason) => this.#lose(reason),
    });
    this.#watchdog = setInterval(() => this.#watch(), 1000 * LOOK).unref();
  }

  /** Asks the server for a channel. */
  attach(channel: C): void {
    this.channels.set(channel.id, channel);
    this.create(channel);
  }

  /** Gives up a channel; without channels the connection closes. */
  detach(channel: C, serverId: number | undefined): void {
    if (!this.channels.delete(channel.id)) return;
    if (serverId !== undefined) this.clear(channel, serverId);
    queueMicrotask(() => this.channels.size === 0 && this.socket.close("its last channel was released"));
  }

  protected abstract receive(message: M): void;
  /** Sends the request for a channel. */
  protected abstract create(channel: C): void;
  /** Tells the server that a channel is not used any more. */
  protected abstract clear(channel: C, serverId: number): void;
  protected abstract echo(): void;
  /** Fails all requests that wait for the server. */
  protected abstract fail(message: string): void;

  /** Called when the server has reported that it no longer has a channel. */
  protected forget(id: number): void {
    const channel = this.channels.get(id);
    this.channels.delete(id);
    channel?.lost("the server no longer has it");
  }

  #watch(): void {
    const { quiet } = this.socket;
    if (quiet > this.#silence) {
      this.socket.close(`the server has been silent for ${Math.round(quiet)} s`);
      return;
    }
    this.#sinceEcho += LOOK;
    if (this.#sinceEcho < ECHO) return;
    this.#sinceEcho = 0;
    this.echo();
  }

  #lose(reason: string): void {
    clearInterval(this.#watchdog);
    this.#onClosed();
    const { host, port } = this.#address;
    const message = `the connection to ${host}:${port} is lost: ${reason}`;
    this.fail(message);
    const channels = [...this.channels.values()];
    this.channels.clear();
    for (const channel of channels) channel.lost(message);
  }
}

/** The user's name, by which servers grant access. A process whose user has no name sends "secop-lab". */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "secop-lab";
  }
}
