/** Shows a headless run in the terminal: text as it comes, displays as text, of updates only the lines that are new. */

import type { StreamName } from "../protocol/iopubQueue";

interface Shown {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly transient?: { readonly display_id?: string };
}

export class TerminalView {
  readonly #write: (text: string) => void;
  /** The lines of each display's last frame. */
  readonly #frames = new Map<string, ReadonlySet<string>>();
  #atLineStart = true;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** A line of ours, between what the cells print. */
  line(text: string): void {
    this.#print(this.#atLineStart ? `${text}\n` : `\n${text}\n`);
  }

  stream(_name: StreamName, text: string): void {
    this.#print(text);
  }

  publish(type: string, content: Readonly<Record<string, unknown>>): void {
    if (type === "error") {
      this.line((content.traceback as readonly string[]).join("\n"));
      return;
    }
    if (!["execute_result", "display_data", "update_display_data"].includes(type)) return;
    const { data = {}, transient } = content as Shown;
    const lines = String(data["text/plain"] ?? "").split("\n");
    const id = transient?.display_id;
    const before = id === undefined ? undefined : this.#frames.get(id);
    if (id !== undefined) this.#frames.set(id, new Set(lines));
    const fresh = before ? lines.filter((line) => !before.has(line)) : lines;
    if (fresh.length > 0) this.line(fresh.join("\n"));
  }

  #print(text: string): void {
    if (text === "") return;
    this.#write(text);
    this.#atLineStart = text.endsWith("\n");
  }
}
