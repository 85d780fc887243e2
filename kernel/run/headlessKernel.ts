/** A kernel without a front-end, for headless runs: a process of its own, so that whatever a cell does to it can be told and kept. */

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Dealer, Subscriber } from "zeromq";
import { afterSeconds } from "../../lib/timeLimit";
import type { ExecuteReply } from "../cells/index";
import { kernelCommand } from "../installation";
import { type JupyterMessage, MessageCodec, SocketSender } from "../protocol/index";
import type { ConnectionInfo } from "../tslabAdapter";
import { freePorts } from "./freePorts";
import { KernelDied, PORT_TAKEN } from "./kernelDied";

/** Where the publications of a cell go, by their type. */
export type Publish = (type: string, content: Readonly<Record<string, unknown>>) => void;

interface PendingExecution {
  readonly publish: Publish;
  readonly resolve: (reply: ExecuteReply) => void;
  reply?: ExecuteReply;
  idle?: boolean;
}

/** Seconds the kernel may take to end once it is asked to; before that it ends itself. */
const END = 6;
const LAST_WORDS_MS = 200;
/** Characters of what it wrote to stderr. */
const STDERR_KEPT = 100_000;
const V8_REPORT = "<--- Last few GCs";
const LOOPBACK = "127.0.0.1";
const ATTEMPTS = 4;

export class HeadlessKernel {
  readonly #process: ChildProcess;
  readonly #connectionFile: string;
  readonly #codec: MessageCodec;
  readonly #shell = new Dealer({ linger: 0 });
  readonly #control = new Dealer({ linger: 0 });
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #send: Record<"shell" | "control", SocketSender>;
  readonly #executions = new Map<string, PendingExecution>();
  readonly #exited: Promise<KernelDied>;
  #stderr = "";
  /** Sockets that nothing came from yet. */
  readonly #silent: Set<Dealer | Subscriber> = new Set([this.#control, this.#iopub]);

  private constructor(connection: ConnectionInfo, cwd: string, env: NodeJS.ProcessEnv) {
    this.#codec = new MessageCodec(connection.key);
    this.#send = { shell: new SocketSender(this.#shell), control: new SocketSender(this.#control) };
    const file = join(tmpdir(), `secop-lab-run-${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600, flag: "wx" });
    this.#connectionFile = file;
    const [program = process.execPath, ...args] = kernelCommand.map((argument) =>
      argument === "{connection_file}" ? file : argument,
    );
    this.#process = spawn(program, args, {
      cwd,
      // The kernel ends itself when this process is gone.
      env: { ...env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "inherit", "pipe"],
      // Of a group of its own: Ctrl-C in the terminal comes to us, who tell the kernel what to do.
      detached: true,
      windowsHide: true,
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => this.#onStderr(text));
    this.#exited = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(new KernelDied({ error })));
      this.#process.once("exit", async (code, signal) => {
        // What it said last is on its way still.
        await setTimeout(LAST_WORDS_MS);
        resolve(new KernelDied({ code, signal, stderr: this.#stderr }));
      });
    });
    void this.#exited.then(() => this.#onExit());
    const address = (port: number): string => `tcp://${LOOPBACK}:${port}`;
    this.#shell.connect(address(connection.shell_port));
    this.#control.connect(address(connection.control_port));
    this.#iopub.connect(address(connection.iopub_port));
    this.#iopub.subscribe();
    for (const socket of [this.#shell, this.#control, this.#iopub]) void this.#listen(socket);
  }

  /**
   * Resolves when it answers; rejects if it ends before. Its cells find modules and files from `cwd`. `ports` gives five that are free;
   * another program may take one before the kernel does, then others are tried.
   */
  static async start(cwd: string, env: NodeJS.ProcessEnv, ports = () => freePorts(5)): Promise<HeadlessKernel> {
    for (let attempt = 1; ; attempt++) {
      const kernel = new HeadlessKernel(connectionOn(await ports()), cwd, env);
      try {
        await kernel.#answers();
        return kernel;
      } catch (error) {
        if (!(error instanceof KernelDied && error.portTaken) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Resolves with the reply when all that the cell published is there; rejects with a KernelDied. What comes later is published, too. */
  execute(code: string, publish: Publish): Promise<ExecuteReply> {
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      this.#executions.set(id, { publish, resolve });
      const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: false };
      this.#request("shell", id, "execute_request", content);
      void this.#exited.then(reject);
    });
  }

  /** Ends the running cell: plans are aborted, not paused, since nobody could resume them. */
  interrupt(): void {
    this.#request("control", randomUUID(), "interrupt_request", { final: true });
  }

  /** Lets the kernel close its connections; resolves when it has ended. */
  async close(): Promise<void> {
    this.#request("control", randomUUID(), "shutdown_request", { restart: false });
    const cancel = afterSeconds(END, () => this.kill());
    await this.#exited;
    cancel();
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill("SIGKILL");
    rmSync(this.#connectionFile, { force: true });
  }

  /** A subscription takes effect some time after it is made: until its status is heard, and the control channel answers, the kernel is asked again. */
  async #answers(): Promise<void> {
    const died = this.#exited.then((error) => Promise.reject(error));
    died.catch(() => undefined);
    while (this.#silent.size > 0) {
      for (const channel of ["shell", "control"] as const)
        this.#request(channel, randomUUID(), "kernel_info_request", {});
      await Promise.race([setTimeout(50), died]);
    }
  }

  #request(channel: "shell" | "control", id: string, type: string, content: object): void {
    this.#send[channel].send(this.#codec.encode({ id, type, parent: {}, content: JSON.stringify(content) }, []));
  }

  async #listen(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      this.#silent.delete(socket);
      this.#receive(this.#codec.decode(frames), socket === this.#iopub);
    }
  }

  #receive({ header, parentHeader, content }: JupyterMessage, published: boolean): void {
    const id = parentHeader.msg_id ?? "";
    const execution = this.#executions.get(id);
    if (!execution) return;
    if (header.msg_type === "execute_reply") execution.reply = content as unknown as ExecuteReply;
    else if (header.msg_type === "status") execution.idle = content.execution_state === "idle";
    else if (published) execution.publish(header.msg_type, content);
    // They come over two sockets, in any order.
    if (execution.idle && execution.reply) execution.resolve(execution.reply);
  }

  /** V8's own report of its end is for its makers; a port that is taken is nobody's business while there are others. */
  #onStderr(text: string): void {
    const quiet = this.#stderr.includes(V8_REPORT) || (this.#silent.size > 0 && PORT_TAKEN.test(this.#stderr + text));
    if (!quiet) process.stderr.write(text.split(V8_REPORT, 1)[0] ?? "");
    this.#stderr = `${this.#stderr}${text}`.slice(-STDERR_KEPT);
  }

  #onExit(): void {
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
    rmSync(this.#connectionFile, { force: true });
  }
}

function connectionOn([shell_port = 0, iopub_port = 0, stdin_port = 0, control_port = 0, hb_port = 0]: number[]) {
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return { ...ports, ip: LOOPBACK, transport: "tcp", key: randomUUID(), signature_scheme: "hmac-sha256" };
}
