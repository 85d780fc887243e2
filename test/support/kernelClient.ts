/**
 * A real kernel behind a real Jupyter client (jupyter_client, in driver.py): the tests speak the protocol's
 * words.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { kernelCommand, mainProgram } from "../../kernel/installation";
import { isAlive } from "../../lib/isAlive";
import { peersPython, repository } from "../peers/peers";

export type Channel = "shell" | "control" | "iopub" | "stdin";

export interface Received {
  readonly channel: Channel;
  readonly type: string;
  readonly id: string;
  readonly parent: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: contents are as different as messages; tests look at what they expect
  readonly content: any;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly metadata: any;
  readonly buffers: readonly string[];
}

export interface Execution {
  readonly id: string;
  /** Resolves with the reply once it and the `idle` status are there. */
  readonly done: Promise<Received>;
  /** What was published for this cell so far, in order. */
  outputs(): Received[];
}

/** The kernel under test, as compiled: `npm run build` first. */
export const ourKernel = kernelCommand.map((argument) =>
  argument === mainProgram ? join(repository, "dist/kernel/main.js") : argument,
);

export class KernelClient {
  static readonly #open = new Set<KernelClient>();
  readonly received: Received[] = [];
  /** The kernel works here; empty at the start. */
  readonly folder: string;
  readonly #driver: ChildProcess;
  readonly #arrivals = new EventEmitter().setMaxListeners(0);
  #ids = 0;
  #stderr = "";
  #pid = 0;
  #gone = false;
  ended: { readonly code: number } | undefined;

  private constructor(argv: readonly string[]) {
    this.folder = mkdtempSync(join(tmpdir(), "secop-lab kernel ö "));
    const args = [join(__dirname, "driver.py"), ...argv];
    this.#driver = spawn(peersPython(), args, { cwd: this.folder, stdio: ["pipe", "pipe", "pipe"] });
    this.#driver.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    if (this.#driver.stdout) {
      createInterface({ input: this.#driver.stdout }).on("line", (line) => this.#onLine(JSON.parse(line)));
    }
    KernelClient.#open.add(this);
    this.#driver.on("exit", () => {
      KernelClient.#open.delete(this);
      this.#end();
    });
  }

  /**
   * Resolves when the kernel answers and its publications arrive: a subscription takes effect some time after
   * it is made.
   */
  static async start(argv: readonly string[] = ourKernel): Promise<KernelClient> {
    const client = new KernelClient(argv);
    const subscribed = client.message((m) => m.channel === "iopub");
    for (let published = false; !published; ) {
      await client.request("kernel_info_request", {});
      published = await Promise.race([subscribed.then(() => true), setTimeout(50, false)]);
    }
    return client;
  }

  /** Ends all kernels with their clients: who waits for one, or will, fails at once. */
  static endAll(): void {
    for (const client of KernelClient.#open) client.#driver.stdin?.end();
  }

  send(channel: Channel, type: string, content: object, extra: object = {}): string {
    const id = `m${++this.#ids}`;
    this.#command({ op: "send", channel, type, content, id, ...extra });
    return id;
  }

  /** Sends a request and resolves with its reply. */
  request(type: string, content: object, channel: Channel = "shell"): Promise<Received> {
    const id = this.send(channel, type, content);
    return this.message((m) => m.parent === id && m.channel === channel);
  }

  /** @param header Fields of the message's header beside the usual ones. */
  execute(code: string, options: object = {}, header: object = {}): Execution {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: true,
      stop_on_error: true,
    };
    const id = this.send("shell", "execute_request", { ...content, ...options }, { header });
    const done = Promise.all([
      this.message((m) => m.parent === id && m.type === "execute_reply"),
      this.message((m) => m.parent === id && m.content.execution_state === "idle"),
    ]).then(([reply]) => reply);
    done.catch(() => undefined);
    return { id, done, outputs: () => this.received.filter((m) => m.parent === id && m.channel === "iopub") };
  }

  /**
   * A cell that fails with the error `text` once everything that was sent to the shell after it, until `fail` is
   * called, waits in the kernel: a request that is still on its way is not aborted.
   */
  failing(text: string, options: object = {}, header: object = {}): Execution & { fail(): Promise<void> } {
    const file = join(this.folder, `fail ${++this.#ids}`);
    const code = `while (!require("node:fs").existsSync(${JSON.stringify(file)})) await new Promise((r) => setTimeout(r, 5));
      throw new Error(${JSON.stringify(text)})`;
    const execution = this.execute(code, options, header);
    const fail = async (): Promise<void> => {
      await this.request("kernel_info_request", {});
      writeFileSync(file, "");
    };
    return { ...execution, fail };
  }

  /** Runs a cell to its end: its reply, what it printed by stream, and its other outputs. */
  async run(code: string, options: object = {}): Promise<CellResult> {
    const execution = this.execute(code, options);
    const reply = await execution.done;
    return new CellResult(reply.content, execution.outputs());
  }

  /** Resolves with the first message, past or to come, that fits. */
  async message(fits: (message: Received) => boolean): Promise<Received> {
    return this.received.find(fits) ?? this.#arrival<Received>("message", fits);
  }

  interrupt(): Promise<Received> {
    return this.request("interrupt_request", {}, "control");
  }

  /** Resolves when the heartbeat answers. */
  async heartbeat(): Promise<void> {
    this.#command({ op: "ping" });
    await this.#arrival("heartbeat");
  }

  signal(signal: number): void {
    this.#command({ op: "signal", signal });
  }

  /** Asks the kernel to end; resolves with its exit code, its reply and what it wrote to stderr. */
  async shutdown(restart = false): Promise<{ code: number; reply: Received; stderr: string }> {
    const request = this.request("shutdown_request", { restart }, "control");
    const [reply, { code }] = await Promise.all([request, this.ended ?? this.#arrival<{ code: number }>("ended")]);
    return { code, reply, stderr: this.#stderr };
  }

  /** Kills the client without a word to the kernel; resolves when the kernel has ended by itself. */
  async orphan(): Promise<void> {
    this.#driver.kill("SIGKILL");
    while (isAlive(this.#pid)) await setTimeout(50);
  }

  async close(): Promise<void> {
    if (this.#driver.exitCode === null && this.#driver.signalCode === null) {
      const gone = new Promise((resolve) => this.#driver.once("exit", resolve));
      this.#driver.stdin?.end();
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The next of these events that fits; rejects when the kernel has ended before it. */
  #arrival<T>(event: string, fits: (arrived: T) => boolean = () => true): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#arrivals.off(event, onEvent);
        this.#arrivals.off("gone", onGone);
      };
      const onEvent = (arrived: T): void => {
        if (!fits(arrived)) return;
        stop();
        resolve(arrived);
      };
      const onGone = (): void => {
        stop();
        const code = this.ended === undefined ? "" : ` (exit code ${this.ended.code})`;
        reject(new Error(`the kernel ended before the ${event} came${code}\n${this.#stderr}`));
      };
      this.#arrivals.on(event, onEvent).on("gone", onGone);
      if (this.#gone) onGone();
    });
  }

  #end(): void {
    this.#gone = true;
    this.#arrivals.emit("gone");
  }

  #command(command: object): void {
    this.#driver.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  #onLine({ event, ...rest }: { event: string } & Record<string, unknown>): void {
    if (event === "message") {
      const message = rest as unknown as Received;
      this.received.push(message);
      this.#arrivals.emit("message", message);
    } else {
      if (event === "started") this.#pid = Number(rest.pid);
      if (event === "ended") this.ended = rest as unknown as { code: number };
      if (event === "bad") throw new Error(`the client could not read a message: ${JSON.stringify(rest)}`);
      this.#arrivals.emit(event, rest);
      if (event === "ended") this.#end();
    }
  }
}

/** One cell's reply and what it published. */
export class CellResult {
  // biome-ignore lint/suspicious/noExplicitAny: see Received.content
  readonly reply: any;
  readonly published: readonly Received[];

  constructor(reply: unknown, published: readonly Received[]) {
    this.reply = reply;
    this.published = published;
  }

  text(name: "stdout" | "stderr" = "stdout"): string {
    return this.#of("stream")
      .filter((content) => content.name === name)
      .map((content) => content.text)
      .join("");
  }

  // biome-ignore lint/suspicious/noExplicitAny: see Received.content
  get result(): any {
    return this.#of("execute_result")[0]?.data;
  }

  // biome-ignore lint/suspicious/noExplicitAny: see Received.content
  get error(): any {
    return this.#of("error")[0];
  }

  get types(): string[] {
    return this.published.map(({ type, content }) => (type === "status" ? content.execution_state : type));
  }

  // biome-ignore lint/suspicious/noExplicitAny: see Received.content
  #of(type: string): any[] {
    return this.published.filter((message) => message.type === type).map(({ content }) => content);
  }
}
