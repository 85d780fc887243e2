/** Starts real Tango servers for the tests, on loopback: PyTango with and without a database. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/freePort";
import { endProgram } from "../support/program";
import { peer, peersPython, repository, runPython } from "./peers";

/** A running Tango server. */
export interface TangoServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** The address of a device, attribute or command of the server. */
  trl(path: string): string;
  /** Kills the process and waits until it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a server without a database; its devices are `lab/test/1` (Everything), `lab/motor/1` (Motor) and
 * `lab/old/1` (Old).
 */
export async function startTango(
  options: { readonly port?: number; readonly changed?: boolean } = {},
): Promise<TangoServer> {
  const port = options.port ?? (await freePort());
  const devices = ["-nodb", "-dlist", "Everything::lab/test/1,Motor::lab/motor/1,Old::lab/old/1"];
  const args = ["one", ...devices, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  const script = join(repository, "test/peers/tango/lab.py");
  const child = await start(peersPython(), [script, ...args, ...(options.changed ? ["--changed"] : [])], {});
  return serverAt(port, child);
}

/**
 * Starts the server of `test/peers/tango/faults.py` without a database; its devices are `lab/slow/1` (Slow)
 * and `lab/events/1` (Events).
 */
export async function startTangoFaults(options: { readonly port?: number } = {}): Promise<TangoServer> {
  const port = options.port ?? (await freePort());
  const devices = ["-nodb", "-dlist", "Slow::lab/slow/1,Events::lab/events/1"];
  const script = join(repository, "test/peers/tango/faults.py");
  const child = await start(
    peersPython(),
    [script, "one", ...devices, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`],
    {},
  );
  return serverAt(port, child);
}

/** Starts the server of `test/peers/tango/sweep.py` without a database; its device is `lab/sweep/1`. */
export async function startTangoSweep(options: { readonly port?: number } = {}): Promise<TangoServer> {
  const port = options.port ?? (await freePort());
  const script = join(repository, "test/peers/tango/sweep.py");
  const devices = ["-nodb", "-dlist", "Sweep::lab/sweep/1"];
  const child = await start(
    peersPython(),
    [script, "one", ...devices, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`],
    {},
  );
  return serverAt(port, child);
}

/** Where Debian installs the test device of the Tango project, a server of Tango 9 in C++. */
const TANGO_TEST = "/usr/lib/tango/TangoTest";

/** Whether TangoTest is installed; `npm run peers` installs it. */
export const hasTangoTest = (): boolean => existsSync(TANGO_TEST);

/** Starts TangoTest without a database; its device is `sys/tg_test/1`. */
export async function startTangoTest(): Promise<TangoServer> {
  const port = await freePort();
  const devices = ["-nodb", "-dlist", "sys/tg_test/1"];
  const child = await start(TANGO_TEST, ["one", ...devices, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`], {});
  return serverAt(port, child);
}

/** A server without a database. */
function serverAt(port: number, child: ChildProcess): TangoServer {
  const trl = (path: string): string => `tango://127.0.0.1:${port}/${path}#dbase=no`;
  return { port, process: child, trl, stop: () => endProgram(child) };
}

/** A running Tango database. */
export interface TangoDatabase extends TangoServer {
  /** Starts the server of `startTango` on a free port, which it registers in the database. */
  startServer(): Promise<TangoServer>;
}

/** Starts a database in which the devices of `startTango` are registered. */
export async function startTangoDatabase(): Promise<TangoDatabase> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "tango-"));
  const env = { TANGO_HOST: `127.0.0.1:${port}` };
  const child = await start(peer("PyDatabaseds"), ["--host", "127.0.0.1", "--port", `${port}`, "2"], env, folder);
  await runPython("test/peers/tango/register.py", [], { env: { ...process.env, ...env } });
  const trl = (path: string) => `tango://127.0.0.1:${port}/${path}`;
  const startServer = async () => {
    const own = await freePort();
    const script = join(repository, "test/peers/tango/lab.py");
    const server = await start(peersPython(), [script, "one", "-ORBendPoint", `giop:tcp:127.0.0.1:${own}`], env);
    return { port: own, process: server, trl, stop: () => endProgram(server) };
  };
  const stop = async () => {
    await endProgram(child);
    await rm(folder, { recursive: true, force: true });
  };
  return { port, process: child, trl, startServer, stop };
}

/** Starts a Python program that is a Tango server, and returns the function that ends it. */
export async function startTangoProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  const child = await start(peersPython(), args, env);
  return () => endProgram(child);
}

async function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd = repository,
): Promise<ChildProcess> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  child.once("exit", () => process.off("exit", atExit));
  await new Promise<void>((resolve, reject) => {
    let output = "";
    const listen = (text: string) => {
      output = (output + text).slice(-20_000);
      if (/^Ready to accept request$/m.test(output)) resolve();
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the Tango server ended with ${code}\n${output}`)));
  });
  return child;
}
