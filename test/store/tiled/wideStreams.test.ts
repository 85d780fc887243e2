/** Tests of streams with more columns than a database takes in a table, against Python's TiledWriter. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { DataKey } from "../../../lib/engine/documents/documents";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { tiled } from "../../../lib/store/tiled/tiledClient";
import { uploadRuns } from "../../../lib/store/tiled/uploadRun";
import { runPython } from "../../peers/peers";
import { hasPostgres } from "../../peers/postgres";
import { startTiled, startTiledOnPostgres, type TiledServer } from "../../peers/tiled";
import { play, testRun } from "../../support/runDocuments";

/** What Python reads of the run that we have written, and of the same run by its own writer. */
interface Compared {
  readonly ours: Readonly<Record<string, number>>;
  readonly theirs: Readonly<Record<string, number>>;
  readonly problem: string | null;
  readonly differences: readonly string[];
  readonly columns: Readonly<Record<string, unknown[]>>;
  readonly count: number;
  /** How many variables Python's client joins, of our run and of its own. */
  readonly joined: readonly number[];
}

const ROWS = 3;
const names = (word: string, count: number) => Array.from({ length: count }, (_, i) => `${word}${i}`);

describe("a stream with a thousand columns and more", function () {
  this.timeout(240_000);
  let dir: string;
  let server: TiledServer | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "wide-"));
  });

  afterEach(async () => {
    delete process.env.TILED_API_KEY;
    await server?.stop();
    server = undefined;
    rmSync(dir, { recursive: true, force: true });
  });

  /** A run with so many numbers, texts that are long, and lists. */
  const measured = (numbers: number, texts: number, lists: number) => {
    const keys: Record<string, Partial<DataKey>> = {};
    for (const name of names("k", numbers)) keys[name] = { units: "K" };
    for (const name of names("text", texts)) keys[name] = { dtype: "string" };
    for (const name of names("list", lists)) keys[name] = { dtype: "array", shape: [16], dtype_numpy: "<f8" };
    const row = (i: number) => ({
      ...Object.fromEntries(names("k", numbers).map((name, k) => [name, i === 1 ? Number.NaN : k + i / 8])),
      ...Object.fromEntries(names("text", texts).map((name) => [name, `${name} ${i}`.padEnd(3000, "é")])),
      ...Object.fromEntries(
        names("list", lists).map((name, k) => [name, Array.from({ length: 16 }, (_, n) => 1 / (1 + n + k + i))]),
      ),
    });
    const run = testRun(keys, { time: Date.now() / 1000 });
    void play(
      new RunFiles(dir).receive,
      run,
      Array.from({ length: ROWS }, (_, i) => row(i)),
    );
    return openRuns(dir).latest();
  };

  const check = async (started: TiledServer, tables: readonly string[], numbers: number, texts = 0, lists = 0) => {
    server = started;
    process.env.TILED_API_KEY = started.key;
    const run = measured(numbers, texts, lists);
    expect(await uploadRuns(tiled(started.uri), [run])).to.equal(1);
    const again = await openRuns(tiled(started.uri)).get(run.uid);
    expect(again.stop).to.deep.equal(run.stop);
    const [there, here] = [await again.table(), await run.table()];
    expect([...there.columns].sort()).to.deep.equal([...here.columns].sort());
    for (const column of here.columns) expect(there.column(column), column).to.deep.equal(here.column(column));
    const output = await runPython("test/peers/keeping/compareWide.py", [started.uri, started.key, run.path]);
    const found = JSON.parse(output) as Compared;
    expect(Object.keys(found.ours).sort()).to.deep.equal(tables);
    expect(found.count).to.equal(2 + 2 * (numbers + texts + lists));
    expect(found.joined[0]).to.equal(1 + numbers + texts + lists);
    expect(found.columns.seq_num).to.deep.equal([1, 2, 3]);
    expect(found.columns.k0).to.deep.equal([0, null, 0.25]);
    return found;
  };

  it("is in several tables, as TiledWriter divides it, and Python's client joins them again", async () => {
    const found = await check(await startTiled(), ["internal_0", "internal_1"], 520);
    expect(found.problem).to.equal(null);
    expect(Object.keys(found.theirs).sort()).to.deep.equal(["internal_0", "internal_1"]);
    expect(found.differences).to.deep.equal([]);
    expect(found.columns.k519).to.deep.equal([519, null, 519.25]);
  });

  if (hasPostgres()) {
    it("is kept by PostgreSQL, whose rows long texts and lists fill sooner: there TiledWriter fails", async () => {
      const found = await check(await startTiledOnPostgres(), ["internal_0", "internal_1"], 1, 225, 225);
      expect(found.columns.text0?.[1]).to.equal("text0 1".padEnd(3000, "é"));
      expect(found.problem).to.equal("HTTPStatusError");
    });
  }
});
