/** Pictures of plots, drawn in a thread of their own so that a scan never waits for one. */
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PlotSpec } from "../display/plotTheme";
import type { PictureReply } from "./pngWorker";

interface Pending {
  resolve(png: Uint8Array): void;
  reject(error: Error): void;
}

class Painter {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;

  constructor() {
    const extension = extname(__filename);
    // Run from source (our tests), a thread does not inherit the loader of TypeScript.
    const options = extension === ".ts" ? { execArgv: ["--require", "tsx/cjs"] } : {};
    this.#worker = new Worker(join(__dirname, `pngWorker${extension}`), options);
    this.#worker.unref();
    this.#worker.on("message", (reply: PictureReply) => {
      const pending = this.#take(reply.id);
      if ("png" in reply) pending?.resolve(reply.png);
      else pending?.reject(new Error(reply.error));
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the thread that draws plots ended with code ${code}`)));
  }

  paint(spec: PlotSpec): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#requests += 1;
      this.#pending.set(this.#requests, { resolve, reject });
      // A process must not end before a picture it waits for, but may while there is none.
      this.#worker.ref();
      this.#worker.postMessage({ id: this.#requests, spec });
    });
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker.unref();
    return pending;
  }

  #fail(error: Error): void {
    painter = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

let painter: Painter | undefined;

/** Starts the thread, so that the first picture does not wait for it. */
export function prepareRenderPng(): void {
  painter ??= new Painter();
}

/** The picture of a plot as PNG, 1.5 times its size, transparent. Rejects if the specification cannot be drawn. */
export function renderPng(spec: PlotSpec): Promise<Uint8Array> {
  painter ??= new Painter();
  return painter.paint(spec);
}
