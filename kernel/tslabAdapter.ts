/** The only file that knows tslab's internals. */

// tslab 1.0.22 has no exports map and no public API for the parts we use: its ZeroMQ server, its executor,
// and the converter interface between executor and language service. Each of these seams has a test
// (test/kernel/tslabAdapter.test.ts), so that another version of tslab fails there, with a clear message, and
// nowhere else.

import { Module } from "node:module";
import vm from "node:vm";
import type { Publisher, Reply, Router } from "zeromq";
import { InternalError, UsageError } from "../lib/errors";

/** The only version whose internals this file describes. */
export const TSLAB_VERSION = "1.0.22";

/** Zero-based position in the source text, in UTF-16 units. */
export interface DiagnosticPosition {
  readonly offset: number;
  readonly line: number;
  readonly character: number;
}

/** One error or warning of the type check. */
export interface Diagnostic {
  readonly start: DiagnosticPosition;
  readonly end: DiagnosticPosition;
  readonly messageText: string;
  readonly category: number;
  readonly code: number;
  /** Set if the error is in another file than the cell. */
  readonly fileName?: string;
}

export interface ConvertResult {
  /**
   * CommonJS code that the executor wraps in `(async function(exports, require) {...})`. Not set
   * if there are diagnostics.
   */
  output?: string;
  /** The executor passes it as `prevDecl` to the next call. */
  declOutput?: string;
  /** If there is any, the executor reports the diagnostics and runs nothing. */
  diagnostics: Diagnostic[];
  /** The property of `exports` that holds the value of the last expression. */
  lastExpressionVar?: string;
  hasToplevelAwait?: boolean;
  /** The compiled workspace files that the output requires. */
  sideOutputs?: { path: string; data: string }[];
}

export interface CompletionInfo {
  /** The range that a candidate replaces, in UTF-16 units. */
  start: number;
  end: number;
  candidates: string[];
  /** TypeScript's kind of each candidate ("const", "method", "property" ...), in the same order. */
  kinds?: string[];
  /** The facts about each candidate, in the same order; undefined where nothing is known. */
  details?: readonly (CompletionDetail | undefined)[];
}

export interface CompletionDetail {
  /** For example "(property) Cryo.target: SignalRW<number>". */
  readonly signature: string;
  /** Its JSDoc, as Markdown. May be empty. */
  readonly documentation: string;
}

/** What TypeScript's language service knows about a name. */
export interface QuickInfo {
  readonly displayParts?: readonly { readonly text: string }[] | undefined;
  readonly documentation?: readonly { readonly text: string }[] | undefined;
  readonly tags?:
    | readonly { readonly name: string; readonly text?: readonly { readonly text: string }[] | undefined }[]
    | undefined;
}

/** What tslab's executor needs from a language service. Positions are UTF-16 units of `src`. */
export interface TslabConverter {
  convert(prevDecl: string, src: string): ConvertResult;
  inspect(prevDecl: string, src: string, position: number): QuickInfo | undefined;
  complete(prevDecl: string, src: string, position: number): CompletionInfo;
  /** Adds an in-memory module, for a cell that begins with `/** @module name *\/`. */
  addModule(name: string, content: string): Diagnostic[];
  close(): void;
}

/**
 * Whether code can run as it is, or a console should let the user type more lines: the
 * content of an is_complete_reply.
 */
export type IsComplete =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

export interface Executor {
  /** Resolves to whether the cell succeeded. Its value or its error goes to the `ExecutorConsole`. */
  execute(src: string): Promise<boolean>;
  inspect(src: string, position: number): QuickInfo | undefined;
  complete(src: string, position: number): CompletionInfo;
  /** Stops waiting for the running cell: `execute` resolves to false, but the cell's code continues. */
  interrupt(): void;
  reset(): void;
  close(): void;
}

/**
 * Receives what the executor reports: `log` the value of the last expression, `error` an
 * exception or one diagnostic.
 */
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
  readonly signature_scheme?: string;
  /** The keys of an encrypted connection, in Z85 (JEP 145). */
  readonly curve_publickey?: string;
  readonly curve_secretkey?: string;
}

/**
 * The part of tslab's server that we use: it reads the connection file, creates the five
 * sockets and listens on them.
 */
export interface TslabServer {
  readonly connInfo: ConnectionInfo;
  readonly iopub: Publisher;
  shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly hb: Reply;
  /** The server calls it once for each socket, before anything is sent. */
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

/** Returns tslab's server class, for ours to extend. */
export function tslabServerClass(): TslabServerClass {
  return seam<JupyterModule>("jupyter", "ZmqServer").ZmqServer;
}

/** Creates tslab's executor on our converter. Cells resolve modules from `cwd`. */
export function createExecutor(cwd: string, converter: TslabConverter, output: ExecutorConsole): Executor {
  const { createExecutor: create } = seam<ExecutorModule>("executor", "createExecutor", withoutSigintWatch);
  const converters = {
    node: converter,
    get browser(): TslabConverter {
      throw new UsageError("cells for the browser (/** @browser */) are not supported by this kernel");
    },
    close: () => converter.close(),
  };
  return create(cwd, converters, output);
}

/**
 * Loads tslab's executor with a module `vm` that ignores the option `breakOnSigint`.
 *
 * With the option, Node replaces our handling of SIGINT while a cell starts: a signal may be lost, and each
 * cell starts and ends a thread. We do not need it, because our control thread stops code.
 */
function withoutSigintWatch(id: string): unknown {
  const module = new Module(require.resolve(id)) as Module & { load(file: string): void };
  const withoutOptions = { ...vm, runInThisContext: (code: string) => vm.runInThisContext(code) };
  module.require = ((needed: string) =>
    needed === "vm" ? withoutOptions : Module.prototype.require.call(module, needed)) as NodeJS.Require;
  module.load(module.id);
  return module.exports;
}

/** Calls `write` with everything that cells show by `tslab.display.*` and `tslab.newDisplay()`. */
export function onTslabDisplay(write: (data: TslabDisplayData, update: boolean) => void): void {
  seam<JupyterModule>("jupyter", "lastWriteDisplayData").lastWriteDisplayData = (data, update) =>
    write(data, update === true);
}

let checked = false;

/** Loads a module of tslab and checks that it has the export we use. */
function seam<M extends object>(
  module: string,
  name: keyof M & string,
  load: (id: string) => unknown = (id) => require(id),
): M {
  if (!checked) {
    checkVersion();
    replaceTypeScript();
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
 * Spares tslab what it loads without using it here: its TypeScript (0.2 s and 60 MB), which reads the
 * comments at the start of cells, and its converter. Our reader of the comments stands in, and what is left
 * is loaded on first use. The converter assigns to `sys` of TypeScript when it loads, so `sys` is a plain
 * object.
 */
function replaceTypeScript(): void {
  const id = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab/package.json")] });
  provide(require.resolve("tslab/dist/metadata"), { getCodeMetadata });
  provide(id, loadedOnUse(id, { __esModule: true, sys: {}, version: ownTypeScriptVersion() }));
  const converter = require.resolve("tslab/dist/converter");
  provide(converter, loadedOnUse(converter, { __esModule: true }));
}

function provide(id: string, exports: object): void {
  require.cache[id] = Object.assign(new Module(id), { exports, loaded: true });
}

/** @param known What needs no loading. */
function loadedOnUse(id: string, known: Readonly<Record<string, unknown>>): object {
  let loaded: object | undefined;
  const get = (_: object, name: string | symbol): unknown => {
    if (typeof name === "string" && Object.hasOwn(known, name)) return known[name];
    if (loaded === undefined) {
      delete require.cache[id];
      loaded = require(id) as object;
    }
    return Reflect.get(loaded, name);
  };
  return new Proxy({}, { get });
}

function ownTypeScriptVersion(): string {
  return (require("typescript7/package.json") as { version: string }).version;
}

/** What the JSDoc comments at the start of a cell say to tslab, for example `/** @module name *\/`. */
export interface CodeMetadata {
  readonly module?: string;
  readonly mode?: "node" | "browser";
  readonly jsx?: true;
}

export function getCodeMetadata(code: string): CodeMetadata {
  if (!code.includes("@")) return {};
  const [leading = ""] = /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(code) ?? [];
  const metadata: { module?: string; mode?: "node" | "browser"; jsx?: true } = {};
  for (const [comment] of leading.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g)) {
    if (!comment.startsWith("/**")) continue;
    for (const [, tag, text = ""] of comment.slice(3, -2).matchAll(/^[\s*]*@(\w+)[ \t]*([^\n]*)/gm)) {
      const name = text.trim();
      if (tag === "module" && /^\w+$/.test(name)) metadata.module = name;
      else if (tag === "jsx") metadata.jsx = true;
      else if (tag === "node" || tag === "browser") metadata.mode = tag;
    }
  }
  return metadata;
}
