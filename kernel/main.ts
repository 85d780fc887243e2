#!/usr/bin/env node
/** The program `secop-lab`. Commands load what they need when they run: a kernel must start fast. */

import { Command, Option } from "commander";
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
    .action(async (file: string) => (await import("./front/kernelProcess.js")).startKernel(file));
  program
    .command("run")
    .description("execute a notebook without Jupyter")
    .argument("<notebook>", "the .ipynb file")
    .option("-o, --output <file>", "the executed notebook (default: beside the notebook, as NAME.executed.ipynb)")
    .option("-p, --parameter <name=value>", "a value for the cell tagged `parameters`; may be given again", collected)
    .option("--html [file]", "also write a page to read in a browser (default: beside the executed notebook)")
    .addHelpText(
      "after",
      "\nExit code: 0 if every cell succeeded, 1 if one failed, 130 after Ctrl-C (once more ends at once).\nOutputs are saved while it runs, so a killed run keeps what it had.\n\nFor instance:  secop-lab run scan.ipynb -p temperature=7 --html",
    )
    .action(async (file: string, options) => (await import("./cli/run.js")).runNotebook(file, options));
  addKernelspecCommands(program);
  addNodeCommands(program);
  program
    .command("doctor")
    .description("say what is missing on this machine and how to get it")
    .action(async () => (await import("./cli/doctor.js")).doctor());
  return program;
}

/** Values of an option in the order they were given; commander's own lists would take in the arguments that follow. */
function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function addNodeCommands(program: Command): void {
  program
    .command("sim")
    .description("run a simulated SEC node to play with")
    .option("--node <name>", "lab (cryostat, magnet, gases, every type), gas-dosing or reactor-cell", "lab")
    .option("--port <port>", "TCP port; 0 for a free one", "10767")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--speed <factor>", "simulated seconds a second; 1 is real time, in which a cryostat takes its time", "40")
    .option(
      "--discoverable [port]",
      "answer discovery on a UDP port (10767), which frappy nodes started later cannot have",
    )
    .action(async (options) => (await import("./cli/sim.js")).simulate(options));
  program
    .command("discover")
    .description("list the SEC nodes of this network")
    .option("--timeout <seconds>", "how long to wait for answers", "1")
    .action(async (options) => (await import("./cli/discover.js")).discover(options));
  program
    .command("generate")
    .description("write a class file for a node")
    .argument("<source>", "address of the node, or a file with its answer to describe")
    .option("--dir <dir>", "folder of the class file", "devices")
    .option("--file <file>", "name of the class file (default: the node's equipment id)")
    .action(async (source: string, options) => (await import("./cli/generate.js")).generate(source, options));
}

function addKernelspecCommands(program: Command): void {
  const where = (command: Command): Command =>
    command
      .addOption(new Option("--user", "for this user (the default)").conflicts(["sysPrefix", "prefix"]))
      .addOption(new Option("--sys-prefix", "into the environment of the python3 on the PATH").conflicts("prefix"))
      .option("--prefix <dir>", "into DIR/share/jupyter");
  where(program.command("install").description("make the kernel known to Jupyter")).action(async (options) => {
    const { install } = await import("./cli/kernelspec.js");
    console.log(`installed the kernel "TypeScript (secop-lab)" in ${install(options)}`);
  });
  where(program.command("uninstall").description("take the kernel out of Jupyter")).action(async (options) => {
    const { uninstall, kernelspecFolder } = await import("./cli/kernelspec.js");
    const folder = uninstall(options);
    console.log(folder ? `removed ${folder}` : `nothing to remove: there is no ${kernelspecFolder(options)}`);
  });
}

commandLine()
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`secop-lab: ${errorText(error)}`);
    process.exitCode = 1;
  });
