/** Real SEC nodes for the tests: frappy servers on loopback, with configurations of our own in `test/peers/frappy/`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../support/freePort";
import { peersPython, repository } from "./peers";

export interface FrappyServer {
  readonly uri: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends the process (default SIGKILL) and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** How long a server may take to start. Seconds; it takes one or two alone on the machine. */
const START = 60;

/**
 * Starts a server with `test/peers/frappy/<name>_cfg.py` (or the cfg file of a path) on a free loopback port, and
 * resolves when it is ready: `cryo` is frappy_demo's cryostat, `probe` has what frappy's demos lack. Stop it at the end
 * of the test.
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
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, "exit");
    }
    await rm(work, { recursive: true, force: true });
  };
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  child.once("exit", () => process.off("exit", atExit));
  try {
    await ready(child);
    // the line is printed a moment before the port is open
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
