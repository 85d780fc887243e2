/**
 * The only file that knows tslab's insides. tslab 1.0.22 has no exports map and no public API for what we need: its ZeroMQ
 * server, its executor and the `Converter` interface between executor and language service. Each seam used here has a
 * canary test (test/kernel/tslabAdapter.test.ts), so that another version breaks here, in words, and nowhere else.
 */

import { Module } from "node:module";
import vm from "node:vm";
import type { Publisher, Reply, Router } from "zeromq";
import { InternalError, UsageError } from "../lib/errors";

/** The one version whose insides this file describes. */
export const TSLAB_VERSION = "1.0.22";

/** Zero-based position in the source text, in UTF-16 units. */
export interface DiagnosticPosition {
  readonly offset: number;
  readonly line: number;
  readonly character: number;
}

export interface Diagnostic {
  readonly start: DiagnosticPosition;
  readonly end: DiagnosticPosition;
  readonly messageText: string;
  readonly category: number;
  readonly code: number;
  /** Set where the error is not in the cell itself. */
  readonly fileName?: string;
}

export interface ConvertResult {
  /** CommonJS text that the executor wraps in `(async function(exports, require) {...})`. Not set if there are diagnostics. */
  output?: string;
  /** Handed back as `prevDecl` to the next call. */
  declOutput?: string;
  /** Not empty: nothing is executed, the diagnostics are reported. */
  diagnostics: Diagnostic[];
  /** The property of `exports` that holds the value of the last expression. */
  lastExpressionVar?: string;
  hasToplevelAwait?: boolean;
  /** Compiled workspace files the output requires. */
  sideOutputs?: { path: string; data: string }[];
}

export interface CompletionInfo {
  /** The replaced range, in UTF-16 units. */
  start: number;
  end: number;
  candidates: string[];
  /** TypeScript's kind of each candidate ("const", "method", "property" ...), in the same order. */
  kinds?: string[];
}

/** What TypeScript knows about a name, as the language service says it. */
export interface QuickInfo {
  readonly displayParts?: readonly { readonly text: string }[] | undefined;
  readonly documentation?: readonly { readonly text: string }[] | undefined;
  readonly tags?:
    | readonly { readonly name: string; readonly text?: readonly { readonly text: string }[] | undefined }[]
    | undefined;
}

/** What tslab's executor asks of a language service. Positions are UTF-16 units of `src`. */
export interface Converter {
  convert(prevDecl: string, src: string): ConvertResult;
  inspect(prevDecl: string, src: string, position: number): QuickInfo | undefined;
  complete(prevDecl: string, src: string, position: number): CompletionInfo;
  /** `/** @module name *\/` cells: an in-memory module. */
  addModule(name: string, content: string): Diagnostic[];
  close(): void;
}

export type IsComplete =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/**
 * What our session asks of its converter beyond tslab's interface. `convert` is called as code of the cell that is to run:
 * `currentCell()` (kernel/output/cell.ts) says its number.
 */
export interface NotebookConverter extends Converter {
  /** Builds the first program, so that the first cell is fast. Blocks. */
  warm(): void;
  isComplete(code: string): IsComplete;
}

export interface Executor {
  /** Resolves to whether the cell succeeded; what it printed and how it failed went to the console it was made with. */
  execute(src: string): Promise<boolean>;
  inspect(src: string, position: number): QuickInfo | undefined;
  complete(src: string, position: number): CompletionInfo;
  /** Ends the wait for the running cell: `execute` resolves to false. The cell's own code goes on. */
  interrupt(): void;
  reset(): void;
  close(): void;
}

/** How the executor reports: `log(value)` exactly for the last expression, `error` for an exception or for one diagnostic. */
export interface ExecutorConsole {
  log(value: unknown): void;
  error(first: unknown, ...rest: unknown[]): void;
}

export interface ConnectionInfo {
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly ip: string;
  readonly key: string;
  readonly transport: string;
}

/** tslab's server, as far as we build on it: it reads the connection file, makes the five sockets and listens on them. */
export interface TslabServer {
  readonly connInfo: ConnectionInfo;
  readonly iopub: Publisher;
  shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly hb: Reply;
  /** Called once for each socket, before anything is sent. */
  bindSocket(socket: Publisher | Router | Reply, port: number): Promise<void>;
  init(): Promise<void>;
  close(): void;
}

export type TslabServerClass = new (handler: { close(): void }, connectionFile: string) => TslabServer;

interface TslabDisplayData {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient?: { readonly display_id?: string };
}

interface JupyterModule {
  readonly ZmqServer: TslabServerClass;
  lastWriteDisplayData: ((data: TslabDisplayData, update?: boolean) => void) | null;
}

interface ExecutorModule {
  createExecutor(rootDir: string, converters: object, console: ExecutorConsole): Executor;
}

/** tslab's server class, to extend. */
export function tslabServerClass(): TslabServerClass {
  return seam<JupyterModule>("jupyter", "ZmqServer").ZmqServer;
}

/** tslab's executor on our converter. Modules of cells resolve from `cwd`. */
export function createExecutor(cwd: string, converter: Converter, output: ExecutorConsole): Executor {
  const { createExecutor: create } = seam<ExecutorModule>("executor", "createExecutor", withoutSigintWatch);
  const converters = {
    node: converter,
    get browser(): Converter {
      throw new UsageError("cells for the browser (/** @browser */) are not supported by this kernel");
    },
    close: () => converter.close(),
  };
  return create(cwd, converters, output);
}

/**
 * tslab's executor starts each cell with Node's own handling of SIGINT in the place of ours: a signal may be lost, and a thread
 * begins and ends with each cell. Here the control thread stops code, so tslab gets a `vm` that leaves it out.
 */
function withoutSigintWatch(id: string): unknown {
  const module = new Module(require.resolve(id)) as Module & { load(file: string): void };
  const quiet = { ...vm, runInThisContext: (code: string) => vm.runInThisContext(code) };
  module.require = ((needed: string) =>
    needed === "vm" ? quiet : Module.prototype.require.call(module, needed)) as NodeJS.Require;
  module.load(module.id);
  return module.exports;
}

/** Routes `tslab.display.*` and `tslab.newDisplay()` of cells to `write`. */
export function onTslabDisplay(write: (data: TslabDisplayData, update: boolean) => void): void {
  seam<JupyterModule>("jupyter", "lastWriteDisplayData").lastWriteDisplayData = (data, update) =>
    write(data, update === true);
}

let checked = false;

/** Loads a module of tslab and makes sure that what we use of it is there. */
function seam<M extends object>(
  module: string,
  name: keyof M & string,
  load: (id: string) => unknown = (id) => require(id),
): M {
  if (!checked) {
    checkVersion();
    shareTypeScript();
    checked = true;
  }
  const loaded = load(`tslab/dist/${module}`) as M;
  if (!(name in loaded)) {
    throw new InternalError(`tslab ${TSLAB_VERSION} should have ${name} in tslab/dist/${module}, but it does not`);
  }
  return loaded;
}

function checkVersion(): void {
  const { version } = require("tslab/package.json") as { version: string };
  if (version !== TSLAB_VERSION) {
    throw new UsageError(
      `the secop-lab kernel works with tslab ${TSLAB_VERSION}, but ${version} is installed: npm install tslab@${TSLAB_VERSION}`,
    );
  }
}

/**
 * Gives tslab our TypeScript instead of its own old copy, which costs 0.13 s and 30 MB and would only look for comments at the
 * head of cells. Loaded when first used. `sys` is a switch board that tslab's converter sets when it loads.
 */
function shareTypeScript(): void {
  const id = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab/package.json")] });
  const sys = {};
  let loaded: object | undefined;
  const typescript = new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === "__esModule") return true;
        if (name === "sys") return sys;
        // Not looked up anew each time: tslab asks several times a cell.
        loaded ??= require("typescript") as object;
        return Reflect.get(loaded, name);
      },
    },
  );
  require.cache[id] = Object.assign(new Module(id), { exports: typescript, loaded: true });
}
