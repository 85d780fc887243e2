/** The inputs of this session, for `history_request`. Nothing is kept on disk: a notebook keeps its own. */

interface HistoryEntry {
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** [session, line, input] or, where the output is asked for, [session, line, [input, output]]. */
export type HistoryRow = readonly [number, number, string | readonly [string, string | null]];

/** The only session there is. */
const SESSION = 1;

export class History {
  readonly #entries: HistoryEntry[] = [];

  add(line: number, input: string, output: string | null): void {
    this.#entries.push({ line, input, output });
  }

  /** What was run as `In[line]`. */
  inputOf(line: number): string | undefined {
    return this.#entries.findLast((entry) => entry.line === line)?.input;
  }

  /** Answers the content of a history_request (jupyter-client, "History"). */
  query(request: Readonly<Record<string, unknown>>): HistoryRow[] {
    const withOutput = request.output === true;
    return this.#select(request).map(({ line, input, output }) => [
      SESSION,
      line,
      withOutput ? [input, output] : input,
    ]);
  }

  #select(request: Readonly<Record<string, unknown>>): HistoryEntry[] {
    const { hist_access_type: access, n, start, stop, session } = request;
    if (access === "range") {
      if (session !== 0 && session !== SESSION) return [];
      const from = Number(start ?? 1);
      const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      return this.#entries.filter(({ line }) => line >= from && line < to);
    }
    const found = access === "search" ? this.#search(request) : this.#entries;
    return typeof n === "number" ? found.slice(found.length - Math.min(n, found.length)) : found;
  }

  #search(request: Readonly<Record<string, unknown>>): HistoryEntry[] {
    const matches = globMatcher(String(request.pattern ?? "*"));
    const found = this.#entries.filter(({ input }) => matches(input));
    if (request.unique !== true) return found;
    return [...new Map(found.map((entry) => [entry.input, entry])).values()];
  }
}

/** Jupyter's patterns: `*` is any text, `?` any character. */
function globMatcher(pattern: string): (text: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  const regexp = new RegExp(`^${source}$`);
  return (text) => regexp.test(text);
}
