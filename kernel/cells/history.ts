/** The inputs of this session, for `history_request`. */

// They are not kept on disk, since a notebook file keeps its own.

interface HistoryEntry {
  readonly line: number;
  readonly input: string;
  readonly output: string | undefined;
}

/** [session, line, input] or, if outputs are requested, [session, line, [input, output]]. */
export type HistoryRow = readonly [number, number, string | readonly [string, string | null]];

/** The number of the only session. */
const SESSION = 1;

/** The history of one session, by execution count (`line`). */
export class History {
  readonly #entries: HistoryEntry[] = [];

  add(line: number, input: string, output: string | undefined): void {
    this.#entries.push({ line, input, output });
  }

  /** All inputs, the oldest first. */
  get inputs(): readonly { readonly line: number; readonly input: string }[] {
    return this.#entries;
  }

  /** The code that ran as `In[line]`. */
  inputOf(line: number): string | undefined {
    return this.#entries.findLast((entry) => entry.line === line)?.input;
  }

  /** Answers the content of a history_request (jupyter-client, "History"). */
  query(request: Readonly<Record<string, unknown>>): HistoryRow[] {
    const withOutput = request.output === true;
    return this.#select(request).map(({ line, input, output }) => [
      SESSION,
      line,
      withOutput ? [input, output ?? null] : input,
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

/** Jupyter's patterns: `*` stands for any text, `?` for any character. */
function globMatcher(pattern: string): (text: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  const regexp = new RegExp(`^${source}$`);
  return (text) => regexp.test(text);
}
