import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openRuns, RunFiles, tiled } from "../../../lib/index";
import { repository, runProgram } from "../../peers/peers";
import { startTiled, type TiledServer } from "../../peers/tiled";
import { freePort } from "../../support/freePort";
import { peakRows, play, testRun } from "../../support/runDocuments";

describe("secop-lab upload", function () {
  this.timeout(90_000);
  let dir: string;
  let server: TiledServer;

  before(async () => {
    server = await startTiled();
  });

  after(() => server.stop());

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "upload-"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const upload = (key: string | undefined, ...args: string[]) => {
    const env = { ...process.env, ...(key !== undefined && { TILED_API_KEY: key }) };
    return runProgram(process.execPath, [join(repository, "dist/kernel/main.js"), "upload", ...args], {
      cwd: dir,
      env,
    });
  };

  it("sends the runs that the server does not have, oldest first, and a second time none", async () => {
    const files = new RunFiles(join(dir, "runs"));
    const runs = [1, 2, 3].map((scan_id) =>
      testRun({ motor: {}, det: {} }, { scan_id, time: 1_700_000_000 + scan_id * 86_400 }),
    );
    for (const run of runs) void play(files.receive, run, peakRows());
    const uids = runs.map(({ start }) => start.uid);
    const since = await upload(server.key, server.uri, "--since", "2023-11-17");
    expect(since.stdout).to.equal(`${uids[2]}  #3\n1 of 1 runs sent; the server had the others\n`);
    const all = await upload(server.key, server.uri);
    expect(all).to.deep.equal({
      code: 0,
      stdout: `${uids[0]}  #1\n${uids[1]}  #2\n2 of 3 runs sent; the server had the others\n`,
      stderr: "",
    });
    expect((await upload(server.key, server.uri)).stdout).to.equal("0 of 3 runs sent; the server had the others\n");
    process.env.TILED_API_KEY = server.key;
    try {
      const stored = openRuns(tiled(server.uri));
      expect([...(await stored.find())].map(({ uid }) => uid)).to.deep.equal(uids.toReversed());
      expect(Array.from((await (await stored.get(1)).table()).numbers("det"))).to.deep.equal(
        peakRows().map(({ det }) => det),
      );
    } finally {
      delete process.env.TILED_API_KEY;
    }
  });

  it("says in one line what is wrong with the key, the server or the folder", async () => {
    void play(new RunFiles(join(dir, "runs")).receive, testRun({ det: {} }), [{ det: 1 }]);
    const refused = await upload("notthekey", server.uri);
    expect(refused.code).to.equal(1);
    expect(refused.stderr)
      .to.match(/^secop-lab: .*TILED_API_KEY.*\n$/)
      .and.not.contain("notthekey");
    const away = await upload("key", `http://127.0.0.1:${await freePort()}`);
    expect(away.stderr).to.match(/^secop-lab: cannot send run \w{8} to Tiled at http:\S+: .+\n$/);
    const nowhere = await upload("key", server.uri, "--dir", "none");
    expect(nowhere.stderr).to.equal("secop-lab: cannot read the runs in none: does the folder exist?\n");
  });
});
