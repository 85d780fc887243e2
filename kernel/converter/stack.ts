/** Stack traces in the person's own terms: `In[3]:5:9` and workspace files, TypeScript lines and columns, nothing of ours. */

import { SourceMap } from "node:module";

/** One executed text: a cell or a workspace file. */
export interface Script {
  /** What a frame shows: `In[3]`, `devices/cryo.ts`. */
  readonly label: string;
  /** Source map of the executed text, as JSON text. */
  readonly map: string;
  /** Zero-based position in the source for a position in the text that was compiled. */
  original(line: number, column: number): { readonly line: number; readonly column: number };
}

type Prepare = typeof Error.prepareStackTrace;

/** Deep enough that a cell's own frame is found below the frames of the libraries it calls. */
const FRAMES = 50;

export class StackMapper {
  readonly #scripts = new Map<string, Script>();
  readonly #maps = new Map<string, SourceMap>();
  readonly #isOwnFile: (file: string) => boolean;
  readonly #prepare: NonNullable<Prepare>;
  #before: { prepare: Prepare; limit: number } | undefined;

  /** @param isOwnFile Whether a file that was not compiled here (plain JavaScript of the workspace) is the person's. */
  constructor(isOwnFile: (file: string) => boolean) {
    this.#isOwnFile = isOwnFile;
    this.#prepare = (error, sites) => {
      const frames = sites.map((site) => this.#frame(site)).filter((frame) => frame !== undefined);
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

  #frame(site: NodeJS.CallSite): string | undefined {
    const file = site.getFileName() ?? site.getScriptNameOrSourceURL();
    const line = site.getLineNumber();
    const column = site.getColumnNumber();
    if (!file || line === null || column === null) return undefined;
    const script = this.#scripts.get(file);
    if (script === undefined) return this.#isOwnFile(file) ? `    at ${site}` : undefined;
    const text = String(site);
    const place = this.#original(file, script, line - 1, column - 1);
    // Our header line and what the compiler adds have no place in the source.
    if (place === undefined) return undefined;
    return `    at ${text.replace(`${file}:${line}:${column}`, `${script.label}:${place.line + 1}:${place.column + 1}`)}`;
  }

  #original(file: string, script: Script, line: number, column: number): ReturnType<Script["original"]> | undefined {
    const map = this.#maps.get(file) ?? new SourceMap(JSON.parse(script.map));
    this.#maps.set(file, map);
    const entry = map.findEntry(line, column);
    return "originalLine" in entry ? script.original(entry.originalLine, entry.originalColumn) : undefined;
  }
}

function heading(error: Error): string {
  try {
    return String(error);
  } catch {
    return "Error";
  }
}
