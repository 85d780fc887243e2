/** Starts a real Tiled server for the tests, with SQLite and DuckDB, on loopback. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../support/freePort";
import { endProgram } from "../support/program";
import { peer } from "./peers";
import { type PostgresServer, startPostgres } from "./postgres";

/** A running server. */
export interface TiledServer {
  readonly uri: string;
  readonly key: string;
  readonly process: ChildProcess;
  /** Kills the process and waits until it has ended; its data remain. */
  kill(): Promise<void>;
  /** Starts it again with the same address and data. */
  restart(): Promise<void>;
  /** Kills the process and deletes the data. */
  stop(): Promise<void>;
}

const KEY = "secretkeyoftests";

/**
 * Starts a server. With `postgres` it keeps its data there instead of in SQLite and DuckDB, and stops that
 * server at its own end; `readable` is a folder whose files it may serve.
 */
export async function startTiled(options?: {
  readonly postgres?: PostgresServer;
  readonly readable?: string;
}): Promise<TiledServer> {
  const folder = mkdtempSync(join(tmpdir(), "tiled-"));
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  mkdirSync(join(folder, "data"));
  const { postgres } = options ?? {};
  const catalog = postgres?.uriOf("catalog") ?? join(folder, "catalog.db");
  const storage = postgres?.uriOf("storage") ?? `duckdb:///${join(folder, "tables.duckdb")}`;
  const places = ["-w", join(folder, "data"), "-w", storage];
  let child: ChildProcess;
  const start = async (init: boolean) => {
    const args = [
      "serve",
      "catalog",
      catalog,
      ...(init ? ["--init"] : []),
      ...places,
      ...(options?.readable === undefined ? [] : ["-r", options.readable]),
      "--api-key",
      KEY,
      "--port",
      `${port}`,
    ];
    child = spawn(peer("tiled"), args, { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    while (!(await answers(uri))) {
      if (child.exitCode !== null) throw new Error(`tiled ended: ${errors}`);
      await delay(100);
    }
  };
  const kill = () => endProgram(child);
  await start(true);
  return {
    uri,
    key: KEY,
    get process() {
      return child;
    },
    kill,
    restart: () => start(false),
    stop: async () => {
      await kill();
      postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a server that keeps its data in PostgreSQL, as servers for many users do. */
export async function startTiledOnPostgres(): Promise<TiledServer> {
  const postgres = await startPostgres(["catalog", "storage"]);
  try {
    return await startTiled({ postgres });
  } catch (error) {
    postgres.stop();
    throw error;
  }
}

async function answers(uri: string): Promise<boolean> {
  try {
    return (await fetch(`${uri}/api/v1/`)).ok;
  } catch {
    return false;
  }
}
