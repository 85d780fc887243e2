/**
 * Starts real EPICS servers for the tests, on loopback: `records` and `changed` (EPICS base), `motor` and
 * `fakemotor` (caproto), `pva` (p4p), `camera` (caproto).
 */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "../support/freePort";
import { endProgram } from "../support/program";
import { peersPython, repository } from "./peers";

/** A running EPICS server. */
export interface Ioc {
  readonly port: number;
  /** The port of pvAccess, by TCP and UDP. */
  readonly pvaPort: number;
  readonly process: ChildProcess;
  /** Makes it the only server that this process asks for PVs again, after a test has started another one. */
  use(): void;
  /** Kills the process and waits until it has ended. */
  stop(): Promise<void>;
}

/** The ports and the options of a server. */
export interface IocOptions {
  readonly port?: number;
  readonly pvaPort?: number;
  /** Whether an IOC serves its records over pvAccess as well. Default false. */
  readonly qsrv?: boolean;
  readonly args?: readonly string[];
  /** The address at which pvAccess is served; default 127.0.0.1. */
  readonly pvaHost?: string;
  /** Bytes of the largest array that is sent over Channel Access. Default 1,000,000. */
  readonly largestArray?: number;
}

/** Starts `test/peers/epics/<name>.py`, and makes it the only server that this process asks for PVs. */
export async function startIoc(
  name: "records" | "changed" | "faults" | "fakemotor" | "motor" | "pva" | "camera" | "many",
  options: IocOptions = {},
): Promise<Ioc> {
  const port = options.port ?? (await freePort());
  const pvaPort = options.pvaPort ?? (await freePort());
  const pvaHost = options.pvaHost ?? "127.0.0.1";
  const child = spawn(peersPython(), [join(repository, `test/peers/epics/${name}.py`), ...(options.args ?? [])], {
    env: {
      ...process.env,
      EPICS_CA_SERVER_PORT: `${port}`,
      EPICS_CAS_SERVER_PORT: `${port}`,
      EPICS_CAS_INTF_ADDR_LIST: "127.0.0.1",
      EPICS_CAS_AUTO_BEACON_ADDR_LIST: "NO",
      EPICS_CAS_BEACON_ADDR_LIST: "127.0.0.1",
      EPICS_CA_MAX_ARRAY_BYTES: `${options.largestArray ?? 1_000_000}`,
      PVXS_QSRV_ENABLE: options.qsrv ? "YES" : "NO",
      EPICS_PVAS_INTF_ADDR_LIST: pvaHost,
      EPICS_PVAS_AUTO_BEACON_ADDR_LIST: "NO",
      EPICS_PVAS_BEACON_ADDR_LIST: pvaHost,
      EPICS_PVAS_SERVER_PORT: `${pvaPort}`,
      EPICS_PVAS_BROADCAST_PORT: `${pvaPort}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  child.once("exit", () => process.off("exit", atExit));
  await ready(child);
  const use = () => {
    process.env.EPICS_CA_ADDR_LIST = `127.0.0.1:${port}`;
    process.env.EPICS_CA_AUTO_ADDR_LIST = "NO";
    process.env.EPICS_PVA_ADDR_LIST = `${pvaHost}:${pvaPort}`;
    process.env.EPICS_PVA_AUTO_ADDR_LIST = "NO";
  };
  use();
  return {
    port,
    pvaPort,
    process: child,
    use,
    stop: () => endProgram(child),
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const listen = (text: string) => {
      output = (output + text).slice(-20_000);
      if (/^ready$/m.test(output)) resolve();
    };
    child.stdout?.setEncoding("utf8").on("data", listen);
    child.stderr?.setEncoding("utf8").on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the IOC ended with ${code}\n${output}`)));
  });
}
