/** Stack traces in the person's own terms: `In[3]:5:9` and workspace files, TypeScript lines and columns, nothing of ours. */

import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** One executed text: a cell or a workspace file. */
export interface Script {
  /** What a frame shows: `In[3]`, `devices/cryo.ts`. */
  readonly label: string;
  /** Makes the source map of the executed text, as JSON text. */
  map(): string;
  /** The TypeScript text, after `linesBefore` lines of ours. */
  readonly text: string;
  readonly linesBefore: number;
  /** Offset in what the person wrote for an offset in `text`. */
  toCode(offset: number): number;
}

interface Place {
  /** Zero-based. */
  readonly line: number;
  readonly column: number;
}

type Prepare = typeof Error.prepareStackTrace;

/** Deep enough that a cell's own frame is found below the frames of the libraries it calls. */
const FRAMES = 50;

export class StackMapper {
  readonly #scripts = new Map<string, Script>();
  readonly #maps = new Map<string, SourceMap>();
  readonly #nameOf: (file: string) => string | undefined;
  readonly #prepare: NonNullable<Prepare>;
  #before: { prepare: Prepare; limit: number } | undefined;

  /** @param nameOf What a file is called that was not compiled here, if it is the person's (plain JavaScript of the workspace). */
  constructor(nameOf: (file: string) => string | undefined) {
    this.#nameOf = nameOf;
    this.#prepare = (error, sites) => {
      const frames = this.#frames(sites);
      if (frames.length > 0) return [heading(error), ...frames].join("\n");
      // Not a word of the person's code: whoever looks at this needs all of it.
      const before = this.#before?.prepare;
      return before ? before(error, sites) : [heading(error), ...sites.map((site) => `    at ${site}`)].join("\n");
    };
  }

  /** @param fileName The name the script runs under. */
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

  /** None if they cannot be made: the stack may be asked for where it has just run out of room. */
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
    // A line of ours, and what the compiler adds, has no place in the source.
    const place =
      script === undefined ? { line: line - 1, column: column - 1 } : this.#place(file, script, line - 1, column - 1);
    if (name === undefined || place === undefined) return undefined;
    return `    at ${String(site).replace(`${file}:${line}:${column}`, `${name}:${place.line + 1}:${place.column + 1}`)}`;
  }

  #place(file: string, script: Script, line: number, column: number): Place | undefined {
    const map = this.#maps.get(file) ?? new SourceMap(JSON.parse(script.map()));
    this.#maps.set(file, map);
    const entry = map.findEntry(line, column);
    if (!("originalLine" in entry) || entry.originalLine < script.linesBefore) return undefined;
    return placeInCode(script, { line: entry.originalLine - script.linesBefore, column: entry.originalColumn });
  }
}

/** Imported functions are called as `(0, module.f)()`, whose position is the bracket: the name before it is meant. */
function placeInCode({ text, toCode }: Script, { line, column }: Place): Place {
  const lines = text.split("\n");
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
  const before = lines[line]?.[column] === "(" ? /[\p{ID_Continue}$]*$/u.exec(lines[line].slice(0, column))?.[0] : "";
  return { line, column: toCode(start + column - (before?.length ?? 0)) - toCode(start) };
}

function heading(error: Error): string {
  try {
    return String(error);
  } catch {
    return "Error";
  }
}
