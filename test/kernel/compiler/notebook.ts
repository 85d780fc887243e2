/** A notebook with our language service and tslab's unmodified executor, without Jupyter. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type NotebookLanguage, openNotebookLanguage } from "../../../kernel/compiler/index";
import {
  type CompletionInfo,
  type ConvertResult,
  createExecutor,
  type Diagnostic,
  type QuickInfo,
} from "../../../kernel/tslabAdapter";

export interface CellResult {
  readonly ok: boolean;
  /** The value of the last expression, if the executor printed one. */
  readonly value?: unknown;
  readonly thrown?: unknown;
  /** The diagnostics, as `2:5 text`. */
  readonly errors: string[];
  readonly warnings: string[];
}

export interface Notebook {
  readonly folder: string;
  readonly language: NotebookLanguage;
  /** Interrupts the running cell, as a session does. */
  interrupt(): void;
  /** Resolves when the cell that was started last is checked and begins to run. */
  begun(): Promise<void>;
  convert(code: string): Promise<ConvertResult>;
  complete(code: string, position: number): Promise<CompletionInfo>;
  inspect(code: string, position: number): Promise<QuickInfo | undefined>;
  cell(code: string): Promise<CellResult>;
  /** Runs a cell that must succeed, and resolves with its value. */
  value(code: string): Promise<unknown>;
  write(file: string, text: string): void;
  close(): void;
}

export interface NotebookOptions {
  /** The folder of the workspace. Default: a temporary folder, which is removed at the end. */
  readonly folder?: string;
  /** The texts of files, by their paths in the workspace. */
  readonly files?: Readonly<Record<string, string>>;
}

export function openNotebook({ folder, files = {} }: NotebookOptions = {}): Notebook {
  const place = folder ?? fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "secop-lab cells é-"));
  const write = (file: string, text: string): void => {
    const target = path.join(place, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  let current: { value?: unknown; thrown?: unknown; errors: string[]; warnings: string[] } = {
    errors: [],
    warnings: [],
  };
  let interruption = new AbortController();
  const line = ({ fileName, start, messageText }: Diagnostic): string =>
    `${fileName ? `${fileName} ` : ""}${start.line + 1}:${start.character + 1} ${messageText}`;
  const language = openNotebookLanguage({
    workspace: place,
    currentSignal: () => interruption.signal,
    warn: (warnings) => current.warnings.push(...warnings.map(line)),
  });
  const executor = createExecutor(place, language, {
    log: (value) => {
      current.value = value;
    },
    error: (first, ...rest) => {
      if (typeof first === "string" && rest.length === 4)
        current.errors.push(`${rest[0]}${rest[1]}:${rest[2]} ${rest[3]}`);
      else current.thrown = first;
    },
  });
  let begun = Promise.resolve();
  const cell = async (code: string): Promise<CellResult> => {
    const result: typeof current = { errors: [], warnings: [] };
    current = result;
    interruption = new AbortController();
    begun = language.load(code);
    await begun;
    const ok = await executor.execute(code);
    return { ok, ...result };
  };
  return {
    folder: place,
    language,
    interrupt: () => {
      interruption.abort(new Error("interrupted"));
      executor.interrupt();
    },
    begun: () => begun,
    convert: async (code) => {
      await language.load(code);
      return language.convert("", code);
    },
    complete: async (code, position) => {
      await language.load(code, { about: "completion", position });
      return language.complete("", code, position);
    },
    inspect: async (code, position) => {
      await language.load(code, { about: "inspection", position });
      return language.inspect("", code, position);
    },
    write,
    cell,
    value: async (code) => {
      const result = await cell(code);
      if (!result.ok) throw result.thrown ?? new Error(`${code}\n${result.errors.join("\n")}`);
      return result.value;
    },
    close: () => {
      executor.close();
      if (folder === undefined) fs.rmSync(place, { recursive: true });
    },
  };
}
