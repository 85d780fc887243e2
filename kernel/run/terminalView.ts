/** Shows a headless run in the terminal. */

import type { DisplayContent } from "./cellOutputs";

/** Prints text as it comes, displays as text, and of the updates of a display only the lines that are new. */
export class TerminalView {
  readonly #write: (text: string) => void;
  readonly #writeError: (text: string) => void;
  /**
   * All lines of each display that were printed. The last frame alone is not enough: of a long table it shows
   * only the newest rows.
   */
  readonly #printed = new Map<string, Set<string>>();
  #atLineStart = true;

  /** @param writeError gets what cells print to stderr; default `write` */
  constructor(write: (text: string) => void, writeError = write) {
    this.#write = write;
    this.#writeError = writeError;
  }

  /** Prints a line of the run itself, between the output of the cells. */
  line(text: string): void {
    this.#print(this.#atLineStart ? `${text}\n` : `\n${text}\n`);
  }

  /** Prints a message of the iopub channel, if it has a text. */
  publish(type: string, content: Readonly<Record<string, unknown>>): void {
    if (type === "stream")
      this.#print(String(content.text), content.name === "stderr" ? this.#writeError : this.#write);
    if (type === "error") this.line((content.traceback as readonly string[]).join("\n"));
    if (!["execute_result", "display_data", "update_display_data"].includes(type)) return;
    const { data = {}, transient } = content as DisplayContent;
    const lines = String(data["text/plain"] ?? "").split("\n");
    const id = transient?.display_id;
    const fresh = id === undefined ? lines : this.#fresh(id, lines);
    if (fresh.some((line) => line !== "")) this.line(fresh.join("\n"));
  }

  /** The lines to print: all lines of the first frame, and later those that were not printed before. */
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

  #print(text: string, write = this.#write): void {
    if (text === "") return;
    write(text);
    this.#atLineStart = text.endsWith("\n");
  }
}
