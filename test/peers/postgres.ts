/** Starts a PostgreSQL server of Debian for the tests, in a folder of its own, on loopback. */

import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/freePort";

/** Where Debian installs the versions of PostgreSQL. */
const INSTALLED = "/usr/lib/postgresql";
/** The user `nobody`, as PostgreSQL refuses to run for root. */
const NOBODY = 65_534;

/** A running server. */
export interface PostgresServer {
  /** The address of a database: `postgresql://USER@127.0.0.1:PORT/NAME`. */
  uriOf(database: string): string;
  /** Ends the server and deletes its data. */
  stop(): void;
}

/** Whether PostgreSQL is installed; `npm run peers` installs it. */
export const hasPostgres = (): boolean => existsSync(INSTALLED);

/** Starts a server with the databases. It asks for no password, and listens on this machine only. */
export async function startPostgres(databases: readonly string[]): Promise<PostgresServer> {
  const version = readdirSync(INSTALLED).sort().at(-1) ?? "";
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, "data");
  const port = await freePort();
  const run = (program: string, ...args: string[]) => {
    const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const env = { ...process.env, LC_ALL: "C", HOME: folder };
    const path = join(INSTALLED, version, "bin", program);
    const ran = spawnSync(path, args, {
      ...as,
      cwd: folder,
      env,
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (ran.status !== 0) throw new Error(`${program} failed: ${ran.stderr ?? ran.error}`);
  };
  run("initdb", "-D", data, "-A", "trust", "-U", "lab", "--no-sync", "-E", "UTF8");
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
  run("pg_ctl", "-D", data, "-o", options, "-l", join(folder, "log"), "-w", "start");
  for (const name of databases) run("createdb", "-h", "127.0.0.1", "-p", `${port}`, "-U", "lab", name);
  return {
    uriOf: (database) => `postgresql://lab@127.0.0.1:${port}/${database}`,
    stop: () => {
      run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
