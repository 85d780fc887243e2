/**
 * Checks and compiles cells: what the user writes becomes JavaScript that modules/cellRuntime.ts runs, or
 * errors in the user's own terms.
 *
 * It may use modules/ and tslab's adapter. Begin with notebookLanguage.ts, and follow a cell: cellText.ts
 * takes its text apart, layers.ts gives it the names of earlier cells, cellChecker.ts has languageServer.ts
 * (the compiler, a child process) check it, and compileCell.ts makes it JavaScript (transform.ts takes the
 * types away). questions.ts answers completion and inspection.
 */

import type { NotebookLanguage } from "./notebookLanguage";
import type { NotebookLanguageOptions } from "./notebookLanguageOptions";

export type { CodeQuestion } from "./keptAnswers";
export type { NotebookLanguage, ProvidedNames } from "./notebookLanguage";
export type { NotebookLanguageOptions } from "./notebookLanguageOptions";

let version: string | undefined;

/** The version of TypeScript that checks cells. */
export function typescriptVersion(): string {
  version ??= (require("typescript7/package.json") as { version: string }).version;
  return version;
}

/** Opens the language service of a notebook, whose code is loaded here: not every process checks cells. */
export function openNotebookLanguage(options?: NotebookLanguageOptions): NotebookLanguage {
  const { NotebookLanguage: Language } = require("./notebookLanguage") as typeof import("./notebookLanguage");
  return new Language(options);
}
