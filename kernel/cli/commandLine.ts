/** The commands of the program `secop-lab`. */

// The code of a command is loaded when it runs.

import { Command, Option } from "commander";
import { version } from "../installation";

export function commandLine(): Command {
  const program = new Command("secop-lab")
    .description("SECoP devices, bluesky-style scans and live plots in TypeScript Jupyter notebooks")
    .version(version)
    .showHelpAfterError("(secop-lab --help lists the commands)");
  program
    .command("kernel", { hidden: true })
    .description("the process that runs the cells of a notebook; Jupyter starts it")
    .argument("<connection-file>", "Jupyter's connection file")
    .action(async (file: string) => (await import("../front/index.js")).startKernel(file));
  addRunCommand(program);
  program
    .command("init")
    .description("make the folder of an experiment, ready to run")
    .argument("[folder]", "the folder; files that exist are kept", ".")
    .option("--no-install", "do not let npm install secop-lab there (editors need it for types)")
    .action(async (folder: string, options) => (await import("./initCommand.js")).initWorkspace(folder, options));
  addKernelspecCommands(program);
  addNodeCommands(program);
  addKeptRunCommands(program);
  addServerCommands(program);
  addWatchCommand(program);
  addRerunCommands(program);
  addBundleCommands(program);
  program
    .command("doctor")
    .description("check what is missing on this machine, and say how to get it")
    .action(async () => (await import("./doctorCommand.js")).doctor());
  return program;
}

function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("execute a notebook or a TypeScript file without Jupyter")
    .argument("<file>", "the .ipynb file, or a script (.ts)")
    .argument("[arguments...]", "what a script finds in process.argv.slice(2); write -- before those that begin with -")
    .option("-o, --output <file>", "the executed notebook (default: beside the notebook, as NAME.executed.ipynb)")
    .option(
      "-p, --parameter <name=value>",
      "a value for the cell tagged `parameters`, or for a top-level variable of a script; repeat the option for more",
      appended,
    )
    .option("--record [file]", "record what the notebook and its SEC nodes say (default: NAME.rec beside the notebook)")
    .option("--redact <parameters>", "leave the values of these out of the recording: module:parameter,...")
    .option("--replay [file]", "run on a recording instead of the SEC nodes, without any socket (default: NAME.rec)")
    .option("--strict", "in a replay, refuse reads that were not recorded")
    .option("--simulate", "simulate the SEC nodes, like NAME.rec if it is there; in a replay, what was not recorded")
    .option("--speed <factor>", "with --simulate: simulated seconds per second (default: 1)")
    .option("--verbose", "show errors with their whole stack, fields and causes")
    .option("--locked", "fail if a node has changed since it was locked (NAME.lock beside the notebook)")
    .option("--accept", "lock the nodes as they are now")
    .option("--html [file]", "also write a page to read in a browser (default: beside the executed notebook)")
    .addHelpText(
      "after",
      `
Exit code: 0 if everything succeeded, 1 if something failed, 130 after Ctrl-C, which stops the hardware (a second
Ctrl-C ends the run at once); a script may set its own by process.exit(code).
A script is type-checked and runs as a cell does: with top-level await, with the names of secop-lab, in the folder of
the file. Outputs of a notebook are saved while it runs, so a killed run keeps its outputs so far.

Example:  secop-lab run scan.ipynb -p temperature=7 --html
          secop-lab run scan.ts -p temperature=7 sample-3`,
    )
    .action(async (file: string, args: string[], options) =>
      (await import("./runCommand.js")).runFile(file, args, options),
    );
}

/**
 * Collects the values of an option that is repeated. A list option of commander would also take the
 * arguments that follow it.
 */
function appended(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function addNodeCommands(program: Command): void {
  program
    .command("sim")
    .description("run a simulated SEC node: one of ours, or the twin of another node")
    .argument("[file]", "a description, a class file or a recording, of which a twin runs")
    .option("--node <name>", "lab (cryostat, magnet, gases, every type), gas-dosing or reactor-cell", "lab")
    .option("--port <port>", "TCP port; 0 for a free one", "10767")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--speed <factor>", "simulated seconds per second; 1 is real time (default: 40, of a twin 1)")
    .option("--like <recording>", "let the twin behave as in this recording")
    .option("--of <address>", "the node of the twin, if the recording holds several")
    .option(
      "--discoverable [port]",
      "answer discovery on a UDP port (default 10767); frappy nodes started later cannot use that port",
    )
    .action(async (file: string | undefined, options) => (await import("./simCommand.js")).runSimNode(file, options));
  program
    .command("discover")
    .description("list the SEC nodes in this network")
    .option("--timeout <seconds>", "how long to wait for answers", "1")
    .action(async (options) => (await import("./discoverCommand.js")).printDiscoveredNodes(options));
  program
    .command("generate")
    .description("write a class file for a node")
    .argument("<source>", "address of the node, or a file with its reply to `describe`")
    .option("--dir <dir>", "folder of the class file", "devices")
    .option("--file <file>", "name of the class file (default: the node's equipment id)")
    .action(async (source: string, options) => (await import("./generateCommand.js")).generate(source, options));
}

function addKeptRunCommands(program: Command): void {
  program
    .command("export")
    .description("write kept runs into files of another format")
    .argument("[run...]", "scan_id, place from the end (-1 is the newest), uid, or a run file")
    .requiredOption(
      "-t, --to <path>",
      "the file; its ending says the format: .nxs, .parquet, .arrow, .csv, .json, .png",
    )
    .option("--dir <dir>", "folder of the runs", "runs")
    .option("--stream <name>", "the only stream of a table (default: each in a file of its own)")
    .option("--units", "units in the heading of CSV")
    .option("--timestamps", "a column ts_KEY for each key in tables: when its value was measured")
    .option("--copy-images", "copy images into NeXus files instead of linking them")
    .option("--since <time>", 'all runs since a time: "yesterday", 2026-09-01, "2 h ago"')
    .option("--until <time>", "all runs until a time")
    .option("--plan <name>", "all runs of a plan")
    .option("--text <words>", "all runs with these words in their metadata")
    .addHelpText(
      "after",
      "\nSeveral runs are named by a template: --to 'out/{plan}-{scan_id}.nxs'\n\nExample:  secop-lab export -1 --to scan.nxs",
    )
    .action(async (runs: string[], options) => (await import("./exportCommand.js")).exportCommand(runs, options));
}

function addServerCommands(program: Command): void {
  program
    .command("upload")
    .description("send kept runs to a Tiled server; those that it has are left alone")
    .argument("<uri>", "the server, as http://HOST:8000; the key is taken from TILED_API_KEY")
    .option("--dir <dir>", "folder of the runs", "runs")
    .option("--since <time>", 'only runs since a time: "yesterday", 2026-09-01')
    .option("--catalog <name>", "the container of the runs on the server", "raw")
    .action(async (uri: string, options) => (await import("./uploadCommand.js")).uploadCommand(uri, options));
}

function addRerunCommands(program: Command): void {
  program
    .command("record")
    .description("record what clients of any kind say to a SEC node: they connect to this program instead")
    .argument("<uri>", "address of the node")
    .argument("<file>", "the recording, NAME.rec")
    .option("--port <port>", "TCP port for the clients; 0 for a free one", "0")
    .option("--redact <parameters>", "leave the values of these out: module:parameter,...")
    .action(async (uri: string, file: string, options) =>
      (await import("./recordCommand.js")).recordCommand(uri, file, options),
    );
  program
    .command("replay")
    .description("run the nodes of a recording on TCP ports, for clients of any kind")
    .argument("<file>", "the recording")
    .option("--port <port>", "TCP port of the first node; 0 for free ones", "10767")
    .option("--speed <factor>", "recorded seconds per second, or max: as fast as it is asked", "max")
    .option("--now", "times of the node are those of today")
    .option("--strict", "refuse reads that were not recorded")
    .option("--simulate", "go on with a twin from the first request on that was not recorded")
    .action(async (file: string, options) => (await import("./replayCommand.js")).replayCommand(file, options));
  program
    .command("verify")
    .description("run a notebook again, from its recording or with its nodes, and report what differs")
    .argument("<notebook>", "the .ipynb file")
    .option("--replay [file]", "from this recording (the default, NAME.rec beside the notebook)")
    .option("--live", "measure again with the nodes, and compare with the recording")
    .option("--tolerance <column=number>", "how much a column may differ; repeat the option for more", appended)
    .option("--html <file>", "also write the report as a page")
    .option("--json <file>", "also write the report as JSON")
    .addHelpText("after", "\nExit code: 0 if all is the same, 1 if something differs, 2 if nothing can be compared.")
    .action(async (file: string, options) => (await import("./verifyCommand.js")).verifyCommand(file, options));
}

function addBundleCommands(program: Command): void {
  program
    .command("bundle")
    .description("pack a notebook or script with all that it needs to run again into one archive, for somebody else")
    .argument("<file>", "the notebook (.ipynb) or script (.ts)")
    .option("-o, --output <file>", "the archive (default: NAME.bundle.zip)")
    .option(
      "--run <run>",
      "only this run: scan_id, place from the end (-1) or uid; repeat the option for more",
      appended,
    )
    .option("--no-runs", "no runs (default: those that the notebook made)")
    .option("--runs-dir <dir>", "folder of the runs (default: runs beside the notebook)")
    .option("--include <file>", "a further file, also outside of the workspace; repeat the option for more", appended)
    .option("--license <name>", "license of the archive, as in package.json: CC-BY-4.0")
    .option("--author <name>", "who made it")
    .addHelpText(
      "after",
      `
The archive has the notebook, its class files, the modules that it imports, its locks, recordings and runs with their
images, the lists of its packages, and a description as RO-Crate. Passwords, tokens and keys are taken out or left out.

Example:  secop-lab bundle scan.ipynb --run -1 --license CC-BY-4.0`,
    )
    .action(async (file: string, options) => (await import("./bundleCommand.js")).bundleCommand(file, options));
  program
    .command("open")
    .description("unpack a bundle, and say what is in it and how to go on")
    .argument("<bundle>", "the archive that secop-lab bundle made")
    .argument("[folder]", "where to (default: its name); files that exist are never overwritten")
    .action(async (file: string, folder?: string) => (await import("./openCommand.js")).openCommand(file, folder));
}

function addWatchCommand(program: Command): void {
  program
    .command("watch")
    .description("follow an experiment from this terminal or in a browser, read-only")
    .argument(
      "<uri>",
      "a broker (nats://HOST:4222, or tcp://HOST:PORT of bluesky's 0MQ proxy), a Tiled server (http://HOST:8000) or the folder of the runs",
    )
    .option("-b, --browser", "serve a page instead of printing here")
    .option("--port <port>", "port of the page; 0 for a free one", "8123")
    .option("--host <address>", "address of the page; 0.0.0.0 shows it to every machine of the network", "127.0.0.1")
    .addHelpText(
      "after",
      "\nThe newest run is shown from its beginning, then all later ones.\n\nExample:  secop-lab watch nats://broker:4222 --browser",
    )
    .action(async (uri: string, options) => (await import("./watchCommand.js")).watchCommand(uri, options));
}

function addKernelspecCommands(program: Command): void {
  const where = (command: Command): Command =>
    command
      .addOption(new Option("--user", "for this user (the default)").conflicts(["sysPrefix", "prefix"]))
      .addOption(new Option("--sys-prefix", "into the environment of the python3 on the PATH").conflicts("prefix"))
      .option("--prefix <dir>", "into DIR/share/jupyter");
  where(program.command("install").description("register the kernel with Jupyter")).action(async (options) => {
    const { install } = await import("./kernelspecCommand.js");
    console.log(`installed the kernel "TypeScript (secop-lab)" in ${install(options)}`);
  });
  where(program.command("uninstall").description("remove the kernel from Jupyter")).action(async (options) => {
    const { uninstall, kernelspecFolder } = await import("./kernelspecCommand.js");
    const folder = uninstall(options);
    console.log(folder ? `removed ${folder}` : `nothing to remove: ${kernelspecFolder(options)} does not exist`);
  });
}
