/** Turns what cells publish into the outputs that a notebook file keeps, as a front-end does. */

import type { Output } from "../notebookFile";

/** The content of `display_data`, `update_display_data` and `execute_result`. */
export interface DisplayContent {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: unknown;
  readonly transient?: { readonly display_id?: string };
}

interface StreamContent {
  readonly name: string;
  readonly text: string;
}

/** Collects the outputs of all cells of one run. */
export class CellOutputs {
  /** The outputs of all cells by display id: an update changes each of them. */
  readonly #displays = new Map<string, Output[]>();
  /** Cells whose outputs are removed when the next output arrives. */
  readonly #clearNext = new WeakSet<Output[]>();

  /**
   * Adds a message of the iopub channel to `outputs`. Messages of other types than those of outputs are
   * ignored.
   */
  publish(outputs: Output[], type: string, content: Readonly<Record<string, unknown>>): void {
    switch (type) {
      case "stream":
        this.#addText(outputs, content as unknown as StreamContent);
        return;
      case "execute_result":
      case "display_data":
      case "error":
        this.#add(outputs, type, content);
        return;
      case "update_display_data":
        this.#update(content);
        return;
      case "clear_output":
        if (content.wait === true) this.#clearNext.add(outputs);
        else outputs.length = 0;
    }
  }

  #addText(outputs: Output[], { name, text }: StreamContent): void {
    this.#clearIfAsked(outputs);
    const last = outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text = `${last.text}${text}`;
    else outputs.push({ output_type: "stream", name, text });
  }

  #add(outputs: Output[], type: string, { transient, ...content }: Readonly<Record<string, unknown>>): void {
    this.#clearIfAsked(outputs);
    const output: Output = { output_type: type, ...content };
    outputs.push(output);
    const id = (transient as DisplayContent["transient"])?.display_id;
    if (id === undefined) return;
    const shown = this.#displays.get(id);
    if (shown) shown.push(output);
    else this.#displays.set(id, [output]);
  }

  #update({ data, metadata = {}, transient }: DisplayContent): void {
    for (const output of this.#displays.get(transient?.display_id ?? "") ?? []) {
      Object.assign(output, { data, metadata });
    }
  }

  #clearIfAsked(outputs: Output[]): void {
    if (this.#clearNext.delete(outputs)) outputs.length = 0;
  }
}
