import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { createRunEngine } from "../../../lib/notebook";
import { count, scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { columnNames, portable } from "../../../lib/store/tiled/portable";
import { arrayRows } from "../../../lib/store/tiled/tiledArray";
import { TiledClient, type TiledStore, tiled } from "../../../lib/store/tiled/tiledClient";
import { uploadRun, uploadRuns } from "../../../lib/store/tiled/uploadRun";
import { runPython } from "../../peers/peers";
import { startTiled, type TiledServer } from "../../peers/tiled";
import { freePort } from "../../support/freePort";
import { play, testRun } from "../../support/runDocuments";
import { until } from "../../support/until";

type Read = Record<string, never> & { streams: Record<string, Record<string, unknown[]>> };

describe("Tiled", function () {
  this.timeout(120_000);
  let server: TiledServer;
  let dir: string;
  const said: string[] = [];
  const { warn, log } = console;

  before(async () => {
    server = await startTiled();
    process.env.TILED_API_KEY = server.key;
  });

  after(async () => {
    delete process.env.TILED_API_KEY;
    await server.stop();
  });

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    said.length = 0;
    console.warn = console.log = (text: string) => void said.push(text);
  });

  afterEach(() => {
    Object.assign(console, { warn, log });
    rmSync(dir, { recursive: true, force: true });
  });

  const pending = () =>
    // Each run that waits has a file; others have a dot in their name.
    readdirSync(join(dir, ".pending"), { recursive: true, encoding: "utf8" }).filter((name) => /\/[^.]+$/.test(name));
  const read = async (uid: string) =>
    JSON.parse(await runPython("test/peers/keeping/readTiled.py", [server.uri, server.key, uid])) as Read;

  it("has a scan as Python's TiledWriter would write it, and gives it back", async () => {
    const motor = new SimMotor("motor");
    const det = new SimDetector("det", { motor, center: 3 });
    const RE = createRunEngine({ live: false, store: [dir, tiled(server.uri)] });
    const result = await RE(scan([det], motor, 0, 5, 6), { sample: "Pt", limit: 1.797e308 });
    const table = result.table();
    await until(() => pending().length === 0);
    const uid = result.runStartUids[0] ?? "";
    const found = await read(uid);
    expect(found).to.deep.include({ catalog: "CatalogOfBlueskyRuns", run: "BlueskyRunV3", newest: uid });
    const kept = openRuns(dir).latest();
    expect(found.start).to.deep.equal({ ...kept.start, limit: Number.MAX_SAFE_INTEGER });
    expect(found.stop).to.deep.equal(kept.stop);
    for (const key of ["motor", "det", "motor-setpoint", "time"])
      expect(found.streams.primary?.[key], key).to.deep.equal(table.column(key));
    expect(found.units).to.deep.equal({ primary: { det: "counts", motor: "mm", "motor-setpoint": "mm" } });

    const runs = openRuns(tiled(server.uri));
    expect((await runs.find({ plan: "scan", sample: /^Pt$/, since: "today" })).map((run) => run.uid)).to.deep.equal([
      uid,
    ]);
    expect(await runs.find({ plan: "count" })).to.have.length(0);
    const again = await runs.latest();
    expect((await again.table()).rows()).to.deep.equal(table.rows());
    expect((await again.table()).units).to.deep.equal(table.units);
    expect(again.stop?.exit_status).to.equal("success");
    expect((await runs.get(uid.slice(0, 8))).uid).to.equal(uid);
    expect((await runs.get(-1)).uid).to.equal(uid);
    const written = readdirSync(dir, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, path, name }) => join(parentPath ?? path, name));
    expect(written).to.include(kept.path);
    const texts = [...written.map((path) => readFileSync(path, "latin1")), JSON.stringify(found), ...said];
    expect(texts.join()).to.not.contain(server.key);
  });

  it("has all types, arrays of any size, missing values and several streams, equal to what was measured", async () => {
    const array = { dtype: "array" } as const;
    const keys = {
      T: { units: "K" },
      n: { dtype: "integer" },
      on: { dtype: "boolean" },
      mode: { dtype: "string" },
      a: { dtype: "number" },
      A: { dtype: "number" },
      short: { ...array, shape: [3] },
      long: { ...array, shape: [20] },
      square: { ...array, shape: [2, 2] },
    } as const;
    const rows = [0, 1, 2].map((i) => ({
      T: i === 1 ? Number.NaN : i + 0.5,
      n: i,
      on: i === 1,
      mode: `m${i} "é\u{1f600}\n`,
      a: i,
      A: -i,
      short: [i, 0.5, 2],
      long: Array.from({ length: 20 }, (_, k) => i * 100 + k),
      square: [
        [i, 1],
        [2, 3],
      ],
    }));
    const run = testRun(keys, { time: Date.now() / 1000 });
    void play(new RunFiles(dir).receive, run, rows);
    const client = new TiledClient(tiled(server.uri));
    const stored = openRuns(dir).latest();
    expect(await uploadRuns(tiled(server.uri), [stored])).to.equal(1);
    expect([await uploadRun(client, stored), await uploadRuns(tiled(server.uri), [stored])]).to.deep.equal([false, 0]);
    const again = await openRuns(tiled(server.uri)).get(run.start.uid);
    expect((await again.table()).rows()).to.deep.equal((await stored.table()).rows());
    const { streams } = await read(run.start.uid);
    expect(streams.primary).to.deep.include({
      T: [0.5, "nan", 2.5],
      n: [0, 1, 2],
      mode: rows.map(({ mode }) => mode),
      long: rows.map(({ long }) => long),
    });
  });

  it("gets later what it did not take, while scans go on unhindered, and is reported once", async () => {
    const det = new SimDetector("det");
    const RE = createRunEngine({ live: false, store: [dir, tiled(server.uri, { timeout: 1 })] });
    await RE(count([det], 2));
    await until(() => pending().length === 0);
    const uids: string[] = [];
    server.process.kill("SIGSTOP");
    for (let i = 0; i < 2; i += 1) uids.push(...(await RE(count([det], 3))).runStartUids);
    await until(() => said.length > 0);
    await server.kill();
    uids.push(...(await RE(count([det], 3))).runStartUids);
    expect(said).to.have.length(1);
    expect(said[0]).to.match(
      /it did not answer in time; run \w{8} and later ones are kept in .* and sent when it takes them/,
    );
    expect(pending()).to.have.length(3);
    await server.restart();
    await until(() => pending().length === 0);
    const runs = openRuns(tiled(server.uri));
    for (const uid of uids) {
      const run = await runs.get(uid);
      expect(run.stop?.exit_status).to.equal("success");
      expect((await run.table()).length).to.equal(3);
    }
    expect(said.at(-1)).to.match(/runs? w(as|ere) sent from/);
  });

  it("says that a server failed, and keeps the key out of every message", async () => {
    const failing = createServer((_, reply) => reply.writeHead(500).end("{}"));
    const port = await freePort();
    failing.listen(port, "127.0.0.1");
    await once(failing, "listening");
    try {
      const client = new TiledClient(tiled(`http://127.0.0.1:${port}`));
      const failed = await client.json("POST", "/metadata/raw").then(String, (error: Error) => error.message);
      expect(failed).to.match(
        /500, the server failed, and its log says why \(with DuckDB it fails at requests at the same time/,
      );
      expect(failed).to.not.contain(server.key);
    } finally {
      failing.close();
    }
  });

  it("shows the line that opens a found run, in the catalogue in which it was found", async () => {
    const start = { uid: "0123456789", time: 1, scan_id: 7 };
    const found = { data: [{ id: start.uid, attributes: { structure_family: "container", metadata: { start } } }] };
    const one = createServer((_, reply) => reply.end(JSON.stringify(found)));
    const port = await freePort();
    one.listen(port, "127.0.0.1");
    await once(one, "listening");
    try {
      const uri = `http://127.0.0.1:${port}`;
      const text = async (store: TiledStore) => (await openRuns(store).find())[$display]()["text/plain"];
      expect(await text(tiled(uri))).to.contain(`await (await openRuns(tiled("${uri}")).get(7)).table()`);
      expect(await text(tiled(uri, { catalog: "lab" }))).to.contain(
        `await (await openRuns(tiled("${uri}", { catalog: "lab" })).get(7)).table()`,
      );
    } finally {
      one.close();
    }
  });

  it("refuses a key in an address, and says that a key is wrong", async () => {
    expect(() => tiled("http://host:8000/?api_key=x")).to.throw("put the API key into the environment variable");
    expect(() => tiled("host")).to.throw('"host" is not an address');
    process.env.WRONG_KEY = "wrong";
    const runs = openRuns(tiled(server.uri, { apiKeyVariable: "WRONG_KEY" }));
    const message = await runs.latest().then(String, (error: Error) => error.message);
    expect(message).to.match(/401, the API key is missing or wrong: set the environment variable TILED_API_KEY/);
    expect(message).to.not.contain("wrong_key");
  });

  it("gives rows of arrays of other writers whose bytes come with the largest first", () => {
    const bytes = Uint8Array.of(1, 2, 0, 3, 255, 255, 0, 0).buffer;
    const type = { kind: "u", itemsize: 2, endianness: "big" };
    expect(arrayRows(bytes, [2, 2], type)).to.deep.equal([
      [258, 3],
      [65_535, 0],
    ]);
  });

  it("gets metadata and names that any database can keep", () => {
    expect(portable({ a: [1.797e308, Number.NaN, 5n], b: "x\0", c: null })).to.deep.equal({
      a: [Number.MAX_SAFE_INTEGER, "NaN", 5],
      b: "x\ufffd",
      c: null,
    });
    expect([...columnNames(["A", "a", "time", "ts_A"])]).to.deep.equal([
      ["A", "A"],
      ["a", "a_2"],
      ["time", "time_2"],
      ["ts_A", "ts_A_3"],
    ]);
  });
});
