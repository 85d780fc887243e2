/**
 * Rewrites stack traces to the user's cells (`In[3]:5:9`) and files, with TypeScript lines and without our
 * own frames.
 */

import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** An executed text: a cell or a workspace file. */
export interface Script {
  /** The name in a frame: `In[3]` or `devices/cryo.ts`. */
  readonly label: string;
  /** Makes the source map of the executed text, as JSON. */
  map(): string;
  /** Maps a column of the executed text to the text that `map` describes, if that was edited since. */
  mappedColumn?(line: number, column: number): number;
  readonly text: string;
  /** Maps an offset in `text` to the text that the user wrote. */
  toCode(offset: number): number;
}

interface Place {
  /** Zero-based. */
  readonly line: number;
  readonly column: number;
}

type Prepare = typeof Error.prepareStackTrace;

/** The number of frames in a stack, so that the cell's own frame is found below the frames of libraries. */
const FRAMES = 50;

export class StackMapper {
  readonly #scripts = new Map<string, Script>();
  readonly #maps = new Map<string, SourceMap>();
  readonly #nameOf: (file: string) => string | undefined;
  readonly #prepare: NonNullable<Prepare>;
  #before: { prepare: Prepare; limit: number } | undefined;

  /**
   * @param nameOf The name of a file that was not compiled here, if it belongs to the user (JavaScript of the
   * workspace).
   */
  constructor(nameOf: (file: string) => string | undefined) {
    this.#nameOf = nameOf;
    this.#prepare = (error, sites) => {
      const frames = this.#frames(sites);
      if (frames.length > 0) return [heading(error), ...frames].join("\n");
      // There is no frame of the user's code, so the whole stack is needed to understand the error.
      const before = this.#before?.prepare;
      return before ? before(error, sites) : [heading(error), ...sites.map((site) => `    at ${site}`)].join("\n");
    };
  }

  /** Registers an executed text. @param fileName The name with which the script runs. */
  add(fileName: string, script: Script): void {
    this.#scripts.set(fileName, script);
    this.#maps.delete(fileName);
  }

  install(): void {
    this.#before ??= { prepare: Error.prepareStackTrace, limit: Error.stackTraceLimit };
    Error.prepareStackTrace = this.#prepare;
    Error.stackTraceLimit = Math.max(Error.stackTraceLimit, FRAMES);
  }

  uninstall(): void {
    if (this.#before === undefined) return;
    if (Error.prepareStackTrace === this.#prepare) Error.prepareStackTrace = this.#before.prepare;
    Error.stackTraceLimit = this.#before.limit;
    this.#before = undefined;
  }

  /** The frames; empty if they cannot be made, which happens in a stack overflow. */
  #frames(sites: readonly NodeJS.CallSite[]): string[] {
    try {
      return sites.map((site) => this.#frame(site)).filter((frame) => frame !== undefined);
    } catch {
      return [];
    }
  }

  #frame(site: NodeJS.CallSite): string | undefined {
    const file = site.getFileName() ?? site.getScriptNameOrSourceURL();
    const line = site.getLineNumber();
    const column = site.getColumnNumber();
    if (!file || line === null || column === null) return undefined;
    const script = this.#scripts.get(file);
    const name =
      script === undefined ? this.#nameOf(file.startsWith("file:") ? fileURLToPath(file) : file) : script.label;
    // Generated lines, and code that the compiler adds, have no place in the source.
    const place =
      script === undefined ? { line: line - 1, column: column - 1 } : this.#place(file, script, line - 1, column - 1);
    if (name === undefined || place === undefined) return undefined;
    return `    at ${String(site).replace(`${file}:${line}:${column}`, `${name}:${place.line + 1}:${place.column + 1}`)}`;
  }

  #place(file: string, script: Script, line: number, column: number): Place | undefined {
    const map = this.#maps.get(file) ?? new SourceMap(JSON.parse(script.map()));
    this.#maps.set(file, map);
    const entry = map.findEntry(line, script.mappedColumn?.(line, column) ?? column);
    if (!("originalLine" in entry)) return undefined;
    return placeInCode(script, { line: entry.originalLine, column: entry.originalColumn });
  }
}

/**
 * Imported functions are called as `(0, module.f)()`, whose position is the bracket. This finds the position
 * of the name.
 */
function placeInCode({ text, toCode }: Script, { line, column }: Place): Place {
  const lines = text.split("\n");
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
  const before = lines[line]?.[column] === "(" ? /[\p{ID_Continue}$]*$/u.exec(lines[line].slice(0, column))?.[0] : "";
  return { line, column: toCode(start + column - (before?.length ?? 0)) - toCode(start) };
}

function heading(error: unknown): string {
  try {
    // `console.trace` asks for the stack of an object that is no Error.
    return error instanceof Error ? String(error) : Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
