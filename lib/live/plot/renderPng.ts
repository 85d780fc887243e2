/** Draws pictures of plots in another process. */

// So a scan never waits for a picture, and if the drawing library, which is native code, panics, it ends that
// process only.

import { type ChildProcess, fork } from "node:child_process";
import { extname, join } from "node:path";
import type { PlotSpec } from "../../display/plotTheme";
import type { PictureReply } from "./pngPainter";

/** A picture that is being drawn. */
interface PendingPicture {
  resolve(png: Uint8Array): void;
  reject(error: Error): void;
}

/** The process that draws. */
class PainterProcess {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, PendingPicture>();
  #requests = 0;

  constructor() {
    const extension = extname(__filename);
    this.#process = fork(join(__dirname, `pngPainter${extension}`), {
      // The options of this process, which may be a kernel, must not be inherited. From source, as in our
      // tests, it needs a loader.
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
      // This process must not end before the picture comes, but it may end when it waits for none.
      this.#hold(true);
      this.#process.send({ id, spec }, (error) => {
        if (error) this.#take(id)?.reject(error);
      });
    });
  }

  #take(id: number): PendingPicture | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#hold(false);
    return pending;
  }

  /** Sets whether this process stays alive for the other one. */
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

let painter: PainterProcess | undefined;

/** Starts the process, so that the first picture need not wait for it. */
export function prepareRenderPng(): void {
  painter ??= new PainterProcess();
}

/** Draws a plot as a transparent PNG of 1.5 times its size. Rejects if the specification cannot be drawn. */
export function renderPng(spec: PlotSpec): Promise<Uint8Array> {
  painter ??= new PainterProcess();
  return painter.paint(spec);
}
