/** Shows a headless run in the terminal: text as it comes, displays as text, of updates only the lines that are new. */

interface Shown {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly transient?: { readonly display_id?: string };
}

export class TerminalView {
  readonly #write: (text: string) => void;
  /** The lines of each display that were printed: of a long table a frame shows only the newest rows. */
  readonly #printed = new Map<string, Set<string>>();
  #atLineStart = true;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** A line of ours, between what the cells print. */
  line(text: string): void {
    this.#print(this.#atLineStart ? `${text}\n` : `\n${text}\n`);
  }

  /** Takes a message of the iopub channel by its type. */
  publish(type: string, content: Readonly<Record<string, unknown>>): void {
    if (type === "stream") this.#print(String(content.text));
    if (type === "error") this.line((content.traceback as readonly string[]).join("\n"));
    if (!["execute_result", "display_data", "update_display_data"].includes(type)) return;
    const { data = {}, transient } = content as Shown;
    const lines = String(data["text/plain"] ?? "").split("\n");
    const id = transient?.display_id;
    const fresh = id === undefined ? lines : this.#fresh(id, lines);
    if (fresh.length > 0) this.line(fresh.join("\n"));
  }

  /** A line twice in the first frame is two lines; later only new ones count. */
  #fresh(id: string, lines: readonly string[]): readonly string[] {
    const printed = this.#printed.get(id);
    if (!printed) {
      this.#printed.set(id, new Set(lines));
      return lines;
    }
    const fresh = lines.filter((line) => !printed.has(line));
    for (const line of fresh) printed.add(line);
    return fresh;
  }

  #print(text: string): void {
    if (text === "") return;
    this.#write(text);
    this.#atLineStart = text.endsWith("\n");
  }
}
