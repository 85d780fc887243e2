import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openRuns } from "../../../lib/store/openRuns";
import { tiled } from "../../../lib/store/tiled/tiledClient";
import { repository, runPython } from "../../peers/peers";
import { hasPostgres } from "../../peers/postgres";
import { startTiled, startTiledOnPostgres, type TiledServer } from "../../peers/tiled";
import { until } from "../../support/until";

/** Runs of each process, and events of each run. */
const [RUNS, EVENTS] = [4, 300];

/** Python's view of a run: the values of its streams. */
interface Read {
  readonly streams: Record<string, Record<string, unknown[]>>;
}

describe("two processes that write at the same time", function () {
  this.timeout(240_000);
  let dir: string;
  let server: TiledServer | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "two-"));
  });

  afterEach(async () => {
    delete process.env.TILED_API_KEY;
    await server?.stop();
    server = undefined;
    rmSync(dir, { recursive: true, force: true });
  });

  const measure = async ({ uri, key }: TiledServer) => {
    const children = [1, 2].map((seed) =>
      spawn(
        process.execPath,
        ["--import", "tsx", join(__dirname, "twoWriters.ts"), dir, uri, `${seed}`, `${RUNS}`, `${EVENTS}`],
        {
          cwd: repository,
          env: { ...process.env, TILED_API_KEY: key },
          stdio: ["ignore", "ignore", "inherit"],
        },
      ),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
    expect(codes).to.deep.equal([0, 0]);
  };

  const check = async ({ uri, key }: TiledServer) => {
    process.env.TILED_API_KEY = key;
    const kept = openRuns(dir).find({ sort: "oldest" });
    expect(kept).to.have.length(2 * RUNS);
    expect(new Set(kept.map(({ scanId }) => scanId)).size).to.equal(2 * RUNS);
    const stored = openRuns(tiled(uri));
    await until(async () => (await stored.find()).filter(({ stop }) => stop).length === 2 * RUNS);
    for (const run of kept) {
      const table = await run.table();
      expect(table.length).to.equal(EVENTS);
      const there = await (await stored.get(run.uid)).table();
      for (const column of ["seq_num", "det", "wave"])
        expect(there.column(column), column).to.deep.equal(table.column(column));
    }
    const last = kept.at(-1);
    const read = JSON.parse(await runPython("test/peers/keeping/readTiled.py", [uri, key, last?.uid ?? ""])) as Read;
    expect(read.streams.primary?.det).to.deep.equal((await last?.table())?.column("det"));
  };

  it("have all their runs in one folder and on one Tiled server, each with a number of its own", async () => {
    server = await startTiled();
    await measure(server);
    await check(server);
  });

  if (hasPostgres()) {
    it("have them on a Tiled server with PostgreSQL, as it is run for many", async () => {
      server = await startTiledOnPostgres();
      await measure(server);
      await check(server);
    });
  }
});
