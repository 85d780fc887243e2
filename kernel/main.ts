#!/usr/bin/env node
/** The program `secop-lab`: a kernel, which must start fast, or another command. */

import { realpathSync } from "node:fs";
import { errorText } from "../lib/errors";

/** The compiler needs as long to start as the code of the kernel needs to be loaded. */
async function startKernel(connectionFile: string): Promise<void> {
  const { startCompilerEarly } = await import("./compiler/languageServer.js");
  startCompilerEarly(realpathSync(process.cwd()).replaceAll("\\", "/"));
  await (await import("./front/index.js")).startKernel(connectionFile);
}

async function runCommand(): Promise<void> {
  await (await import("./cli/commandLine.js")).commandLine().parseAsync();
}

const [, , command, connectionFile] = process.argv;
const isKernel = command === "kernel" && connectionFile !== undefined && !connectionFile.startsWith("-");
(isKernel ? startKernel(connectionFile) : runCommand()).catch((error: unknown) => {
  console.error(`secop-lab: ${errorText(error)}`);
  process.exitCode = 1;
});
