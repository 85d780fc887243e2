/** The simplest SECoP client: it sends and receives lines. */

import { connect, type Socket } from "node:net";
import { LineSplitter } from "../../../lib/secop/wire/lineSplitter";

export class LineClient {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  #wake: () => void = () => {};
  /** Resolves when the node has closed the connection. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const splitter = new LineSplitter();
    socket.on("data", (chunk) => {
      splitter.push(chunk, (line) => this.#lines.push(line));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
        this.#wake();
      });
    });
    socket.on("error", () => {});
  }

  static open(port: number): Promise<LineClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      socket.once("connect", () => resolve(new LineClient(socket)));
      socket.once("error", reject);
    });
  }

  send(...lines: string[]): void {
    this.#socket.write(lines.map((line) => `${line}\n`).join(""));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** All lines up to and including the first one that begins with `start`. */
  async until(start: string): Promise<string[]> {
    let from = 0;
    while (true) {
      const found = this.#lines.findIndex((line, n) => n >= from && line.startsWith(start));
      if (found >= 0) return this.#lines.splice(0, found + 1);
      from = this.#lines.length;
      if (this.#socket.destroyed) throw new Error(`the node closed the connection before "${start}"`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next line. */
  async ask(line: string): Promise<string> {
    this.send(line);
    return (await this.until(""))[0] ?? "";
  }

  close(): void {
    this.#socket.destroy();
  }
}
