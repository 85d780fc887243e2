/**
 * Lets code of cells read from `process.stdin`, for instance by `readline`: each line is asked of the user in
 * the notebook.
 */

// A kernel has no terminal, so the code would wait forever otherwise.

import { syncBuiltinESMExports } from "node:module";
import readline from "node:readline";
import readlinePromises from "node:readline/promises";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { UsageError } from "../../lib/errors";
import { bindToCell, type Cell, currentCell } from "./cell";

type AnyInterface = readline.Interface | readlinePromises.Interface;

/** The interfaces of readline that are open on our stdin. */
const interfaces = new Set<AnyInterface>();
let stdin: CellStdin | undefined;

/** Gives cells a stdin. Returns a function that undoes this. */
export function captureInput(): () => void {
  const given = Object.getOwnPropertyDescriptor(process, "stdin");
  if (!given) return () => {};
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => (currentCell() ? ourStdin() : given.get?.call(process)),
  });
  const undo = [captureReadline(readline, callQuestion), captureReadline(readlinePromises, promiseQuestion)];
  syncBuiltinESMExports();
  return () => {
    Object.defineProperty(process, "stdin", given);
    for (const fn of undo) fn();
    syncBuiltinESMExports();
  };
}

/** A stdin that failed or has ended is replaced, since a later cell may ask again. */
function ourStdin(): CellStdin {
  if (!stdin || stdin.destroyed || stdin.readableEnded) stdin = new CellStdin();
  return stdin;
}

/** The error of code that wants a line which nobody can type. */
function noInput(cell: Cell | undefined): UsageError {
  const where = cell === undefined ? "no cell runs" : "this front-end cannot ask for input";
  return new UsageError(
    `nobody can type a line for process.stdin, since ${where}: use a parameter (%%parameters) instead`,
  );
}

/** Asks for a line. Throws at once if nobody can type one. */
function ask(prompt: string): Promise<string> {
  const cell = currentCell();
  if (!cell?.canAsk) throw noInput(cell);
  return cell.ask(prompt, false);
}

/** The lines that the user types, asked for only when code waits for one. */
class CellStdin extends Readable {
  readonly fd = 0;
  #wanted = false;
  #asking = false;

  constructor() {
    super();
    this.on("newListener", (name) => {
      if (name === "data" || name === "readable") this.askSoon();
    });
  }

  override _read(): void {
    this.#wanted = true;
    this.askSoon();
  }

  /** Asks for the next line if code of a cell waits for it: readline alone reads ahead. */
  askSoon(): void {
    setImmediate(bindToCell(() => this.#askIfAwaited()));
  }

  #askIfAwaited(): void {
    if (!this.#wanted || this.#asking || !this.#isAwaited()) return;
    this.#asking = true;
    try {
      void ask("").then(
        (line) => this.#push(`${line}\n`),
        // The cell was interrupted; a later one may ask again.
        () => {
          this.#asking = false;
        },
      );
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Ends what waits for a line that nobody can type; interfaces that wait for none are not concerned. */
  #fail(error: Error): void {
    if (stdin === this) stdin = undefined;
    const waiting = this.#interfaces().filter((one) => one.listenerCount("line") > 0);
    if (waiting.length === 0) this.destroy(error);
    for (const one of waiting) {
      // Without a listener the error is reported in the cell, as uncaught.
      if (one.listenerCount("error") === 0) void Promise.reject(error);
      else one.emit("error", error);
      one.close();
    }
  }

  #interfaces(): AnyInterface[] {
    return [...interfaces].filter((one) => inputOf(one) === this);
  }

  #push(text: string): void {
    this.#asking = false;
    this.#wanted = false;
    this.push(text);
  }

  #isAwaited(): boolean {
    // Text that was typed and is not read yet comes first.
    if (this.readableLength > 0 || this.readableFlowing === false) return false;
    const reading = this.#interfaces();
    if (reading.some((one) => one.listenerCount("line") > 0)) return true;
    // Each interface of readline listens itself.
    return this.listenerCount("data") + this.listenerCount("readable") > reading.length;
  }
}

interface ReadlineModule {
  createInterface: (...args: never[]) => AnyInterface;
  Interface: { prototype: object };
}

type Question = (original: (...args: unknown[]) => unknown) => (this: AnyInterface, ...args: unknown[]) => unknown;

/** Makes a module of readline ask by prompts of the notebook where its input is our stdin. */
function captureReadline(module: object, question: Question): () => void {
  const readlineModule = module as ReadlineModule;
  const prototype = readlineModule.Interface.prototype as { question: (...args: unknown[]) => unknown };
  const { createInterface } = readlineModule;
  const { question: original } = prototype;
  readlineModule.createInterface = (...args) => {
    const created = createInterface(...args);
    if (inputOf(created) instanceof CellStdin) follow(created);
    return created;
  };
  const asked = question(original);
  const custom = (original as { [promisify.custom]?: unknown })[promisify.custom];
  if (custom !== undefined) {
    const promised = function (this: AnyInterface, query: string, options: unknown): Promise<unknown> {
      return new Promise((resolve) => asked.call(this, query, ...(options === undefined ? [] : [options]), resolve));
    };
    Object.defineProperty(asked, promisify.custom, { value: promised });
  }
  prototype.question = asked;
  return () => {
    readlineModule.createInterface = createInterface;
    prototype.question = original;
  };
}

function inputOf(created: AnyInterface): unknown {
  // Node's types leave out `input`, which interfaces of readline have.
  return (created as unknown as { readonly input?: unknown }).input;
}

function follow(created: AnyInterface): void {
  interfaces.add(created);
  created.once("close", () => {
    interfaces.delete(created);
    // readline pauses its input for good; later code of the notebook gets one that is not paused.
    if (inputOf(created) === stdin) stdin = undefined;
  });
  created.on("newListener", (name) => {
    const input = inputOf(created);
    if (name === "line" && input instanceof CellStdin) input.askSoon();
  });
}

/** `question(query, options?, callback)`. */
const callQuestion: Question = (original) =>
  function (this, query, ...rest) {
    if (!interfaces.has(this)) return original.call(this, query, ...rest);
    const callback = rest.find((one) => typeof one === "function") as ((answer: string) => void) | undefined;
    // An interrupted cell has reported itself.
    void ask(String(query)).then(callback && bindToCell(callback), () => {});
    return undefined;
  };

/** `question(query, options?)`, which returns a promise. */
const promiseQuestion: Question = (original) =>
  async function (this, query, ...rest) {
    return interfaces.has(this) ? ask(String(query)) : original.call(this, query, ...rest);
  };
