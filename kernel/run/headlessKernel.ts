/** The kernel of a headless run, in a process of its own. */

// If a cell ends or crashes that process, the run still keeps all outputs and reports why.

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Dealer, Subscriber } from "zeromq";
import { afterSeconds } from "../../lib/timeLimit";
import type { ExecuteReply, ExecuteRequest } from "../cells/index";
import { kernelCommand } from "../installation";
import { type JupyterMessage, MessageCodec, SocketSender } from "../protocol/index";
import type { ConnectionInfo } from "../tslabAdapter";
import { freePorts } from "./freePorts";
import { KernelDied, PORT_TAKEN } from "./kernelDied";

/** Receives what a cell publishes: the type and the content of a message. */
export type Publish = (type: string, content: Readonly<Record<string, unknown>>) => void;

interface PendingExecution {
  readonly publish: Publish;
  readonly resolve: (reply: ExecuteReply) => void;
  reply?: ExecuteReply;
  idle?: boolean;
}

/** Seconds the kernel may take to end after it was asked to. It normally kills itself earlier. */
const END = 6;
/** How long to wait for the last messages of a kernel that has ended. */
const LAST_MESSAGES_MS = 200;
/** The most characters of the kernel's stderr that are kept. */
const STDERR_KEPT = 100_000;
/** The start of V8's report when it runs out of memory. */
const V8_REPORT = "<--- Last few GCs";
const LOOPBACK = "127.0.0.1";
/** How many sets of ports are tried. */
const PORT_ATTEMPTS = 4;

/** A kernel process and the connection to it. */
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
  /** Sockets on which nothing has arrived yet. */
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
      // The kernel ends by itself when this process is gone.
      env: { ...env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "inherit", "pipe"],
      // In a process group of its own: Ctrl-C in the terminal reaches only this process, which then
      // interrupts the kernel.
      detached: true,
      windowsHide: true,
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => this.#onStderr(text));
    this.#exited = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(new KernelDied({ error })));
      this.#process.once("exit", async (code, signal) => {
        // Its last messages may still be on their way.
        await setTimeout(LAST_MESSAGES_MS);
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
   * Starts a kernel. Resolves when it answers; rejects with a KernelDied if it ends before.
   *
   * @param cwd The folder from which cells resolve modules and files.
   * @param ports Returns five free ports. If another program takes one of them before the kernel does, others
   *   are tried.
   */
  static async start(cwd: string, env: NodeJS.ProcessEnv, ports = () => freePorts(5)): Promise<HeadlessKernel> {
    for (let attempt = 1; ; attempt++) {
      const kernel = new HeadlessKernel(connectionOn(await ports()), cwd, env);
      try {
        await kernel.#answers();
        return kernel;
      } catch (error) {
        if (!(error instanceof KernelDied && error.portTaken) || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Runs a cell. Resolves with the reply when everything that the cell published has arrived; rejects with a
   * KernelDied. What the cell publishes later is still passed to `publish`.
   */
  execute(code: string, publish: Publish, { cell, ...options }: Partial<ExecuteRequest> = {}): Promise<ExecuteReply> {
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      this.#executions.set(id, { publish, resolve });
      const usual = { silent: false, store_history: true, allow_stdin: false, stop_on_error: false };
      const content = { ...usual, ...options, code };
      this.#request("shell", id, "execute_request", content, cell);
      void this.#exited.then(reject);
    });
  }

  /** Interrupts the running cell. Plans are aborted, not paused, since nobody could resume them. */
  interrupt(): void {
    this.#request("control", randomUUID(), "interrupt_request", { final: true });
  }

  /** Ends the kernel, which closes its connections before; resolves when it has ended. */
  async close(): Promise<void> {
    this.#request("control", randomUUID(), "shutdown_request", { restart: false });
    const cancel = afterSeconds(END, () => this.kill(), { real: true });
    await this.#exited;
    cancel();
  }

  /** Ends the kernel at once. */
  kill(): void {
    this.#process.kill("SIGKILL");
    rmSync(this.#connectionFile, { force: true });
  }

  /**
   * Asks the kernel repeatedly, until the control channel answers and a status arrives on iopub: a
   * subscription takes effect some time after it is made.
   */
  async #answers(): Promise<void> {
    const died = this.#exited.then((error) => Promise.reject(error));
    // This only prevents an unhandled rejection: `Promise.race` below reports the failure.
    died.catch(() => {});
    while (this.#silent.size > 0) {
      for (const channel of ["shell", "control"] as const) {
        this.#request(channel, randomUUID(), "kernel_info_request", {});
      }
      await Promise.race([setTimeout(50), died]);
    }
  }

  #request(channel: "shell" | "control", id: string, type: string, content: object, metadata: object = {}): void {
    const message = { id, type, parent: {}, content: JSON.stringify(content), metadata: JSON.stringify(metadata) };
    this.#send[channel].send(this.#codec.encode(message, []));
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
    // Our own kernel sent it, so it has the fields of a reply.
    if (header.msg_type === "execute_reply") execution.reply = content as unknown as ExecuteReply;
    else if (header.msg_type === "status") execution.idle = content.execution_state === "idle";
    else if (published) execution.publish(header.msg_type, content);
    // The reply and `idle` arrive on two sockets, in any order.
    if (execution.idle && execution.reply) execution.resolve(execution.reply);
  }

  /**
   * Passes on the kernel's stderr, without V8's report about memory, and without errors about a taken port
   * while others can be tried.
   */
  #onStderr(text: string): void {
    const hidden = this.#stderr.includes(V8_REPORT) || (this.#silent.size > 0 && PORT_TAKEN.test(this.#stderr + text));
    if (!hidden) process.stderr.write(text.split(V8_REPORT, 1)[0] ?? "");
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
