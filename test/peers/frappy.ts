/**
 * Starts real SEC nodes for the tests: frappy servers on loopback, with configurations in
 * `test/peers/frappy/`.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../support/freePort";
import { endProgram } from "../support/program";
import { peersPython, repository } from "./peers";

/** A running frappy server. */
export interface FrappyServer {
  readonly uri: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends the process with a signal (default SIGKILL) and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Seconds that a server may take to start; on an idle machine it takes one or two. */
const START = 60;

/**
 * Starts a server with `test/peers/frappy/<name>_cfg.py`, or with the cfg file of a path, on a free loopback
 * port. Resolves when it is ready. `cryo` is the cryostat of frappy_demo; `probe` has features that the demos
 * of frappy lack. The test has to stop the server.
 */
export async function startFrappy(name: string, options: { readonly port?: number } = {}): Promise<FrappyServer> {
  const port = options.port ?? (await freePort());
  const work = await mkdtemp(join(tmpdir(), "frappy-"));
  const folder = join(repository, "test/peers/frappy");
  const cfg = name.includes("/") ? name : join(folder, `${name}_cfg.py`);
  const child = spawn(
    peersPython(),
    [join(folder, "server.py"), name.split("/").at(-1) ?? "", "-c", cfg, "-p", `${port}`],
    {
      cwd: work,
      env: {
        ...process.env,
        FRAPPY_CONFDIR: folder,
        FRAPPY_LOGDIR: work,
        FRAPPY_PIDDIR: work,
        PYTHONPATH: folder,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const stop = async (signal: NodeJS.Signals = "SIGKILL") => {
    await endProgram(child, signal);
    await rm(work, { recursive: true, force: true });
  };
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  child.once("exit", () => process.off("exit", atExit));
  try {
    await ready(child);
    // The server prints its message a moment before its port is open.
    await listening(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { uri: `127.0.0.1:${port}`, port, process: child, stop };
}

async function listening(port: number): Promise<void> {
  for (const end = Date.now() + START * 1000; ; ) {
    const socket = createConnection({ port, host: "127.0.0.1" });
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(
      () => reject(new Error(`frappy-server did not start within ${START} s\n${output}`)),
      START * 1000,
    );
    const listen = (text: string) => {
      output = (output + text).slice(-20_000);
      if (!output.includes("startup done with interface(s)")) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.setEncoding("utf8").on("data", listen);
    child.stderr?.setEncoding("utf8").on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`frappy-server ended with ${code}\n${output}`));
    });
  });
}
