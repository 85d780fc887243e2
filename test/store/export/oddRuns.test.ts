/** Exports of runs with odd names, units, times and values, read by pandas, pyarrow, DuckDB, h5py and pynxtools. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { DataKey } from "../../../lib/engine/documents/documents";
import { parseJson } from "../../../lib/json";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { runPython } from "../../peers/peers";
import { play, testRun } from "../../support/runDocuments";

interface Read {
  readonly parquet: Readonly<Record<string, unknown[]>>;
  readonly rows: readonly number[];
  readonly titles: readonly string[];
  readonly units: readonly (string | null)[];
  readonly json: readonly string[];
  readonly nexus: Readonly<Record<string, unknown[]>>;
  readonly title: string;
  readonly started: string | null;
  readonly valid: boolean;
}

const array = { dtype: "array" } as const;

describe("exports of odd runs", function () {
  this.timeout(240_000);
  let dir: string;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "odd-"));
  });

  after(() => rmSync(dir, { recursive: true, force: true }));

  const make = async (
    name: string,
    keys: Record<string, Partial<DataKey>>,
    rows: Record<string, unknown>[],
    metadata: object = {},
  ) => {
    const run = testRun(keys, { time: 1_795_000_000.5, plan_name: name, ...metadata });
    void play(new RunFiles(join(dir, "runs", name)).receive, run, rows);
    const stored = openRuns(join(dir, "runs", name)).latest();
    for (const ending of ["csv", "parquet", "arrow", "json", "nxs"])
      await stored.export(join(dir, "out", name, `run.${ending}`), { units: true });
  };

  it("are whole and valid: structs, ragged lists, no rows, formulas as names, integers of 64 bits, years of five digits", async () => {
    await make("struct", { s: { ...array, dtype_numpy: "|O" } }, [{ s: { a: 1.5, "b,c": ['x"y', null] } }, { s: {} }]);
    await make("ragged", { r: { ...array, shape: [null], dtype_numpy: "<f8" } }, [
      { r: [1, 2] },
      { r: [] },
      { r: [Number.NaN, Number.POSITIVE_INFINITY] },
    ]);
    await make("empty", { det: {} }, []);
    await make(
      "names",
      { "T, K": { units: 'µA·s⁻¹, "x"' }, "=cmd()": { units: "=1+1" }, "": {}, "..": {}, "a/b": { units: "%" } },
      [{ "T, K": 1, "=cmd()": 2, "": 3, "..": 4, "a/b": 5 }],
    );
    await make("integers", { i: { dtype: "integer" }, u: { dtype: "integer", dtype_numpy: "<u8" } }, [
      { i: 2n ** 53n + 1n, u: 2n ** 64n - 1n },
      { i: -(2n ** 63n), u: 0 },
      { i: null, u: null },
    ]);
    await make("far", { det: {} }, [{ det: 1 }], { time: 4.1e11 });
    await make("never", { det: {} }, [{ det: 1 }], { time: Number.NaN, scan_id: null });
    await make("undescribed", { n: { dtype: "integer" }, s: {} }, [
      { n: 1.5, s: "text" },
      { n: "x", s: true },
    ]);
    await make("metadata", { det: {} }, [{ det: 1 }], {
      sample: { name: "a\0b", formula: 5, mass: "heavy" },
      title: 7,
      user: { deep: 1 },
      "a/b": 1,
      ".": 2,
      "": 3,
      big: 2n ** 80n,
      none: null,
    });

    const output = await runPython("test/peers/keeping/readOddRuns.py", [join(dir, "out")], { timeout: 200 });
    const found = parseJson(output) as Record<string, Read>;
    for (const [name, { valid, json, rows }] of Object.entries(found)) {
      expect(valid, name).to.equal(true);
      expect(json, name).to.deep.equal(["primary"]);
      expect(new Set(rows).size, name).to.equal(1);
    }
    const { struct, ragged, empty, names, integers, far, never, undescribed } = found;
    expect(struct?.parquet.s?.map((text) => parseJson(String(text)))).to.deep.equal([
      { a: 1.5, "b,c": ['x"y', null] },
      {},
    ]);
    expect(ragged?.parquet.r).to.deep.equal([[1, 2], [], ["nan", "inf"]]);
    expect(ragged?.nexus.r).to.deep.equal(["[1,2]", "[]", "[NaN,Infinity]"]);
    expect(empty?.rows).to.deep.equal([0, 0, 0, 0]);
    expect(names?.titles.slice(2, 5)).to.deep.equal(['T, K (µA·s⁻¹, "x")', "'=cmd() (=1+1)", "Unnamed: 4"]);
    expect(names?.units.slice(2)).to.deep.equal(['µA·s⁻¹, "x"', "=1+1", null, null, "%"]);
    expect(Object.values(names?.nexus ?? {})).to.deep.include.members([[1], [2], [3], [4], [5]]);
    expect(integers?.parquet.i).to.deep.equal([2n ** 53n + 1n, -(2n ** 63n), null]);
    expect(integers?.parquet.u).to.deep.equal([`${2n ** 64n - 1n}`, "0", null]);
    expect(integers?.nexus.i).to.deep.equal([`${2n ** 53n + 1n}`, `${-(2n ** 63n)}`, ""]);
    expect(far?.title).to.match(/^far #12 [\da-f]{8}$/);
    expect(never?.title, "Python's documents have null for no number").to.match(/^never [\da-f]{8}$/);
    expect([far?.started, never?.started]).to.deep.equal([null, null]);
    expect(undescribed?.nexus).to.deep.include({ n: ["1.5", "x"], s: ["text", "true"] });
  });
});
