/**
 * Pictures of plots, drawn in a process of their own: a scan never waits for one, and a picture on which the drawing library panics
 * (it is native code) ends that process only.
 */
import { type ChildProcess, fork } from "node:child_process";
import { extname, join } from "node:path";
import type { PlotSpec } from "../../display/plotTheme";
import type { PictureReply } from "./pngPainter";

interface Pending {
  resolve(png: Uint8Array): void;
  reject(error: Error): void;
}

class Painter {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;

  constructor() {
    const extension = extname(__filename);
    this.#process = fork(join(__dirname, `pngPainter${extension}`), {
      // Not those of this process, which may be a kernel; run from source (our tests), with the loader of TypeScript.
      execArgv: extension === ".ts" ? ["--require", "tsx/cjs"] : [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#hold(false);
    this.#process.on("message", (reply: PictureReply) => {
      const pending = this.#take(reply.id);
      if ("png" in reply) pending?.resolve(reply.png);
      else pending?.reject(new Error(reply.error));
    });
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("exit", (code, signal) =>
      this.#fail(new Error(`the process that draws plots ended with ${signal ?? `code ${code}`}`)),
    );
  }

  paint(spec: PlotSpec): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#requests += 1;
      const id = this.#requests;
      this.#pending.set(id, { resolve, reject });
      // This process must not end before a picture it waits for, but may while there is none.
      this.#hold(true);
      this.#process.send({ id, spec }, (error) => {
        if (error) this.#take(id)?.reject(error);
      });
    });
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#hold(false);
    return pending;
  }

  #hold(held: boolean): void {
    if (held) this.#process.ref();
    else this.#process.unref();
    if (held) this.#process.channel?.ref();
    else this.#process.channel?.unref();
  }

  #fail(error: Error): void {
    if (painter === this) painter = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

let painter: Painter | undefined;

/** Starts the process, so that the first picture does not wait for it. */
export function prepareRenderPng(): void {
  painter ??= new Painter();
}

/** The picture of a plot as PNG, 1.5 times its size, transparent. Rejects if the specification cannot be drawn. */
export function renderPng(spec: PlotSpec): Promise<Uint8Array> {
  painter ??= new Painter();
  return painter.paint(spec);
}
