#!/usr/bin/env node
/** The program `secop-lab`. Commands load what they need when they run: a kernel must start fast. */

import { Command } from "commander";
import { errorText } from "../lib/errors";
import { version } from "./installation";

function commandLine(): Command {
  const program = new Command("secop-lab")
    .description("SECoP devices, bluesky-style scans and live plots in TypeScript Jupyter notebooks")
    .version(version)
    .showHelpAfterError("(secop-lab --help says what there is)");
  program
    .command("kernel", { hidden: true })
    .description("the process behind a notebook; Jupyter starts it")
    .argument("<connection-file>", "Jupyter's connection file")
    .action(async (file: string) => (await import("./kernelProcess.js")).startKernel(file));
  return program;
}

commandLine()
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`secop-lab: ${errorText(error)}`);
    process.exitCode = 1;
  });
