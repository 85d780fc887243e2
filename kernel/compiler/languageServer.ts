/** TypeScript 7 as a child process that speaks the Language Server Protocol. */

// Texts are opened in it and need no file on disk; it is started anew, with all texts, when it dies.

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import fs from "node:fs";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { InternalError, UsageError } from "../../lib/errors";
import { compilerPath } from "../modules/compilerPath";
import { JsonRpc } from "./jsonRpc";

export interface LspPosition {
  readonly line: number;
  /** In UTF-16 units. */
  readonly character: number;
}

export interface LspRange {
  readonly start: LspPosition;
  readonly end: LspPosition;
}

export interface LspDiagnostic {
  readonly range: LspRange;
  readonly code: number;
  /** 1 for errors, 4 for hints. */
  readonly severity: number;
  readonly message: string;
  readonly relatedInformation?: readonly { readonly message: string }[];
}

/**
 * Without these settings the server looks through node_modules after each change, for imports it could
 * suggest (50 ms of processor time a cell), and installs type packages.
 */
const SETTINGS = {
  disableAutomaticTypeAcquisition: true,
  tsserver: { automaticTypeAcquisition: { enabled: false } },
  suggest: { autoImports: false },
  preferences: { includeCompletionsForModuleExports: false },
};

const CAPABILITIES = {
  textDocument: {
    completion: { completionItem: { documentationFormat: ["markdown"], labelDetailsSupport: true } },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: {
      signatureInformation: { documentationFormat: ["markdown"], parameterInformation: { labelOffsetSupport: true } },
    },
    diagnostic: { relatedDocumentSupport: false, relatedInformation: true },
    publishDiagnostics: { relatedInformation: true },
  },
  workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
};

/**
 * A server that owes an answer for that long hangs; the import of the largest packages took 3 s on a busy
 * machine.
 */
const LIMIT_MS = 30_000;
/** When a request is repeated at a new server, the limit is divided by this number. */
const REPEAT_DIVISOR = 3;
/** An answer may wait in the pipe while code of the user blocks this process. */
const READ_MS = 1000;

/** A server that dies more often than that within a minute is not started again. */
const MAX_STARTS = 4;

const ENDS_TOO_OFTEN = `the compiler, a process beside the kernel, ended ${MAX_STARTS} times within a minute: run the cell again in a minute, and see whether the machine has memory left`;

/** The compiler takes four times as long for twice as many statements that change one list. */
const SMALLER = "split the cell, make its many statements a loop, or read its data from a file";

/** Types of changes on disk in the protocol. */
const CHANGED = 2;
const DELETED = 3;

/** Which of the open texts the server must know first: a text that no project claims makes one of its own. */
function openingRank(file: string): number {
  if (file.endsWith("tsconfig.json")) return 0;
  return /__(cell|question|ambient|globals)\.(d\.)?tsx?$/.test(file) ? 1 : 2;
}

export class LanguageServer {
  readonly #folder: string;
  readonly #limitMs: number;
  readonly #texts = new Map<string, string>();
  #rpc: JsonRpc | undefined;
  #child: ChildProcess | undefined;
  #ready: Promise<JsonRpc>;
  #starts: number[] = [];
  #version = 0;
  #requests = 0;
  #starting = false;
  #closed = false;
  /** The child that is killed because it hangs. */
  #hanging: ChildProcess | undefined;

  /**
   * Starts the child, which is ready some 60 ms later.
   *
   * @param limitMs A child that owes an answer for that long is killed and started anew.
   */
  constructor(folder: string, limitMs: number = LIMIT_MS) {
    this.#folder = folder;
    this.#limitMs = limitMs;
    this.#ready = this.#start();
    this.#ready.catch(() => {});
  }

  /** The process id of the child, which changes when it is started anew. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Sets the text of a file; nothing of it is written to disk. */
  write(file: string, text: string): void {
    const known = this.#texts.get(file);
    if (known === text) return;
    this.#texts.set(file, text);
    if (this.#rpc === undefined) return;
    if (known === undefined) this.#open(this.#rpc, file, text);
    else {
      const textDocument = { uri: uriOf(file), version: ++this.#version };
      this.#rpc.notify("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    }
  }

  text(file: string): string | undefined {
    return this.#texts.get(file);
  }

  /** Forgets a text. From then on the file of that name on disk is used, if there is one. */
  remove(file: string): void {
    if (!this.#texts.delete(file)) return;
    this.#rpc?.notify("textDocument/didClose", { textDocument: { uri: uriOf(file) } });
  }

  /** Says that files on disk are others than before. */
  changedOnDisk(files: Iterable<string>): void {
    const changes = [...files].map((file) => ({ uri: uriOf(file), type: fs.existsSync(file) ? CHANGED : DELETED }));
    if (changes.length > 0) this.#rpc?.notify("workspace/didChangeWatchedFiles", { changes });
  }

  /**
   * Asks the server. A server that dies meanwhile is asked once more after its start.
   *
   * @param prepare Called right before the request is sent, once for each try: what it writes is what the
   * request is about.
   */
  async request<T>(method: string, params: object, prepare: () => void = () => {}): Promise<T> {
    const ask = async (limitMs?: number): Promise<T> => {
      // A running server gets the request in this turn, so that it works while the caller goes on.
      const rpc = this.#rpc ?? (await this.#ready);
      prepare();
      return await this.inTime(rpc.request<T>(method, params), limitMs);
    };
    const asked = this.#rpc;
    this.#keepAlive(1);
    try {
      return await ask();
    } catch (error) {
      if (this.#closed || (asked !== undefined && this.#rpc === asked)) throw error;
      if (this.#rpc === undefined && !this.#starting) {
        if (!this.#mayStart()) throw new UsageError(ENDS_TOO_OFTEN);
        this.#ready = this.#start();
      }
      // A request that was too much for the first server is probably too much for this one as well.
      return await ask(this.#limitMs / REPEAT_DIVISOR);
    } finally {
      this.#keepAlive(-1);
    }
  }

  /**
   * Resolves like `answer`. If that takes longer than the limit, the child is killed, so that all its answers
   * reject.
   */
  async inTime<T>(answer: Promise<T>, limitMs: number = this.#limitMs): Promise<T> {
    const child = this.#child;
    const kill = (): void => {
      this.#hanging = child;
      child?.kill("SIGKILL");
    };
    let timer = setTimeout(() => {
      timer = setTimeout(kill, READ_MS);
    }, limitMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Errors and hints of an open file, in one round trip. */
  async diagnostics(file: string, prepare?: () => void): Promise<readonly LspDiagnostic[]> {
    const params = { textDocument: { uri: uriOf(file) } };
    const { items } = await this.request<{ items: LspDiagnostic[] }>("textDocument/diagnostic", params, prepare);
    return items;
  }

  /** Resolves when the server has taken in what was written. */
  async flush(file: string): Promise<void> {
    await this.request("textDocument/foldingRange", { textDocument: { uri: uriOf(file) } });
  }

  close(): void {
    this.#closed = true;
    this.#rpc?.fail(new InternalError("the compiler of the notebook was closed"));
    this.#child?.stdin?.end();
    this.#child?.unref();
  }

  /** An open request keeps this process alive, an idle compiler does not. */
  #keepAlive(requests: 1 | -1): void {
    this.#requests += requests;
    // Pipes of a child are sockets, but Node declares them as streams, which have no ref and unref.
    const stream = this.#child?.stdout as unknown as { ref(): void; unref(): void } | undefined;
    if (this.#requests > 0) stream?.ref();
    else stream?.unref();
  }

  #mayStart(): boolean {
    const now = Date.now();
    this.#starts = this.#starts.filter((time) => now - time < 60_000);
    return this.#starts.length < MAX_STARTS;
  }

  async #start(): Promise<JsonRpc> {
    this.#starting = true;
    try {
      return await this.#launch();
    } finally {
      this.#starting = false;
    }
  }

  async #launch(): Promise<JsonRpc> {
    this.#starts.push(Date.now());
    const child = takeEarly(this.#folder) ?? spawnCompiler(this.#folder);
    this.#child = child;
    const rpc = new JsonRpc(child.stdout, child.stdin, (method, params) => {
      if (method !== "workspace/configuration") return null;
      return (params as { items: unknown[] }).items.map(() => SETTINGS);
    });
    child.stdin.on("error", () => {});
    child.once("error", (error) => this.#ended(rpc, error));
    child.once("exit", () => {
      const hung = `the compiler gave no answer within ${this.#limitMs / 1000} s: ${SMALLER}`;
      this.#ended(
        rpc,
        child === this.#hanging ? new UsageError(hung) : new InternalError("the compiler process ended"),
      );
    });
    child.unref();
    // Node's types hide that a pipe to a child is a socket, which can be unreferenced.
    (child.stdin as unknown as { unref(): void }).unref();
    await this.#initialize(rpc);
    rpc.notify("initialized", {});
    this.#rpc = rpc;
    const files = [...this.#texts].sort(([a], [b]) => openingRank(a) - openingRank(b));
    for (const [file, text] of files) this.#open(rpc, file, text);
    return rpc;
  }

  async #initialize(rpc: JsonRpc): Promise<void> {
    this.#keepAlive(1);
    try {
      await this.inTime(
        rpc.request("initialize", {
          processId: process.pid,
          rootUri: uriOf(this.#folder),
          initializationOptions: { disablePushDiagnostics: true },
          capabilities: CAPABILITIES,
        }),
      );
    } finally {
      this.#keepAlive(-1);
    }
  }

  #ended(rpc: JsonRpc, error: Error): void {
    if (this.#rpc === rpc) this.#rpc = undefined;
    rpc.fail(error);
    if (this.#closed || this.#starting || !this.#mayStart()) return;
    this.#ready = this.#start();
    this.#ready.catch(() => {});
  }

  #open(rpc: JsonRpc, file: string, text: string): void {
    const languageId = file.endsWith(".json") ? "json" : file.endsWith("x") ? "typescriptreact" : "typescript";
    const textDocument = { uri: uriOf(file), languageId, version: ++this.#version, text };
    rpc.notify("textDocument/didOpen", { textDocument });
  }
}

type Compiler = ChildProcessByStdio<Writable, Readable, null>;

let early: { readonly folder: string; readonly child: Compiler } | undefined;

/**
 * Starts a child before the code of the kernel is loaded, which takes as long as the child needs. The first
 * server of this folder takes it.
 */
export function startCompilerEarly(folder: string): void {
  try {
    const child = spawnCompiler(folder);
    // Without a listener, a child that cannot start would end this process.
    child.once("error", () => {
      if (early?.child === child) early = undefined;
    });
    early = { folder, child };
  } catch {
    // The server fails in the same way, and reports it.
  }
}

function takeEarly(folder: string): Compiler | undefined {
  if (early?.folder !== folder) return undefined;
  const { child } = early;
  early = undefined;
  // A child that has ended already would never answer, and would not be noticed to end.
  return child.exitCode === null && child.signalCode === null ? child : undefined;
}

function spawnCompiler(folder: string): Compiler {
  return spawn(compilerPath(), ["--lsp", "--stdio"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "ignore"],
    // Go collects garbage when memory has grown by half, and not only when it has doubled.
    env: { GOGC: "50", ...process.env },
    windowsHide: true,
    // A group of its own: the signal that interrupts a cell goes to the group of the kernel.
    detached: process.platform !== "win32",
  });
}

const uris = new Map<string, string>();

/** The address of a file in the protocol. Each cell asks about the same few files. */
export function uriOf(file: string): string {
  const uri = uris.get(file) ?? pathToFileURL(file).href;
  uris.set(file, uri);
  return uri;
}
