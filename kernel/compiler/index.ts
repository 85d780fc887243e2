/**
 * The notebook's language service on either compiler: that of this folder (TypeScript 7, a child process), or
 * that of converter/ (TypeScript 6, in this process), which SECOP_LAB_TYPESCRIPT=6 chooses, and platforms
 * that have no native compiler.
 *
 * How a cell is checked here: cellText.ts takes its text apart, layers.ts gives it the names of earlier
 * cells, languageServer.ts has the child check it (cellChecker.ts), compileCell.ts makes it JavaScript, and
 * converter/cellRuntime.ts runs that.
 */

import fs from "node:fs";
import type { NotebookLanguageOptions, NotebookLanguageService } from "../converter/index";
import { compilerPath } from "./languageServer";

/** Whether cells are checked by TypeScript 7. */
export function usesNativeCompiler(): boolean {
  return process.env.SECOP_LAB_TYPESCRIPT !== "6" && hasCompiler();
}

let found: boolean | undefined;

/** npm leaves out the binaries of platforms that it does not know. */
function hasCompiler(): boolean {
  found ??= isInstalled();
  return found;
}

function isInstalled(): boolean {
  try {
    return fs.existsSync(compilerPath());
  } catch {
    return false;
  }
}

/** The version of TypeScript that checks cells. */
export function typescriptVersion(): string {
  const { version } = require(usesNativeCompiler() ? "typescript7/package.json" : "typescript/package.json") as {
    version: string;
  };
  return version;
}

export function openNotebookLanguage(options: NotebookLanguageOptions = {}): NotebookLanguageService {
  if (!usesNativeCompiler()) {
    const { createNotebookLanguage } = require("../converter/index") as typeof import("../converter/index");
    return createNotebookLanguage(options);
  }
  const { NativeNotebook } = require("./nativeNotebook") as typeof import("./nativeNotebook");
  const { CompilerWorkspace } = require("./options") as typeof import("./options");
  const { workspace = process.cwd(), packageRoot, warn = () => {}, currentSignal = () => undefined } = options;
  return new NativeNotebook(new CompilerWorkspace(workspace, packageRoot), { warn, currentSignal });
}
