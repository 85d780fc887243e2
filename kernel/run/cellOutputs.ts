/** Turns what cells publish into the outputs a notebook file keeps, as a front-end would. */

import type { Output } from "./notebookFile";

interface Shown {
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly transient?: { readonly display_id?: string };
}

interface Text {
  readonly name: string;
  readonly text: string;
}

export class CellOutputs {
  /** Outputs of all cells by display id: an update changes each of them. */
  readonly #displays = new Map<string, Output[]>();
  readonly #clearNext = new WeakSet<Output[]>();

  /** Takes a message of the iopub channel by its type; those that leave no output are ignored. */
  publish(outputs: Output[], type: string, content: Readonly<Record<string, unknown>>): void {
    switch (type) {
      case "stream":
        this.#addText(outputs, content as unknown as Text);
        return;
      case "execute_result":
      case "display_data":
      case "error":
        this.#add(outputs, type, content);
        return;
      case "update_display_data":
        this.#update(content as unknown as Shown);
        return;
      case "clear_output":
        if (content.wait === true) this.#clearNext.add(outputs);
        else outputs.length = 0;
    }
  }

  #addText(outputs: Output[], { name, text }: Text): void {
    this.#clearIfAsked(outputs);
    const last = outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text = `${last.text}${text}`;
    else outputs.push({ output_type: "stream", name, text });
  }

  #add(outputs: Output[], type: string, { transient, ...content }: Readonly<Record<string, unknown>>): void {
    this.#clearIfAsked(outputs);
    const output: Output = { output_type: type, ...content };
    outputs.push(output);
    const id = (transient as Shown["transient"])?.display_id;
    if (id === undefined) return;
    const shown = this.#displays.get(id);
    if (shown) shown.push(output);
    else this.#displays.set(id, [output]);
  }

  #update({ data, metadata = {}, transient }: Shown): void {
    for (const output of this.#displays.get(transient?.display_id ?? "") ?? [])
      Object.assign(output, { data, metadata });
  }

  #clearIfAsked(outputs: Output[]): void {
    if (this.#clearNext.delete(outputs)) outputs.length = 0;
  }
}
