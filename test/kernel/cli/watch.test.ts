import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { chromium } from "playwright-core";
import { createRunEngine, nats, RunFiles, tiled, uploadRuns } from "../../../lib/index";
import { count } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { openRuns } from "../../../lib/store/openRuns";
import { chromiumPath, peer, repository } from "../../peers/peers";
import { startTiled } from "../../peers/tiled";
import { freePort } from "../../support/freePort";
import { isOpen } from "../../support/isOpen";
import { endProgram, type Program, startProgram } from "../../support/program";
import { play, testRun } from "../../support/runDocuments";
import { until } from "../../support/until";

const NATS = "/usr/sbin/nats-server";

describe("secop-lab watch", function () {
  this.timeout(120_000);
  let dir: string;
  const programs: Program[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "watch-"));
  });

  afterEach(async () => {
    for (const { child } of programs.splice(0)) await endProgram(child);
    rmSync(dir, { recursive: true, force: true });
  });

  const start = (command: string, ...args: string[]): Program => {
    const program = startProgram(command, args, { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
    programs.push(program);
    return program;
  };

  const watch = (...args: string[]) =>
    start(process.execPath, join(repository, "dist/kernel/main.js"), "watch", ...args);
  const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ det: i }));
  /** The rows of tables in an output. */
  const rowsOf = ({ out }: Program) => out.match(/\| +\d+ \| \d\d:\d\d:\d\d/g)?.length ?? 0;

  it("prints the newest run of a folder from its beginning, then those that begin later, and ends at Ctrl-C", async () => {
    const files = new RunFiles(join(dir, "runs"));
    for (const scan_id of [1, 2])
      void play(files.receive, testRun({ det: {} }, { scan_id, time: 1e9 + scan_id }), rows(2));
    const open = testRun({ det: {} }, { scan_id: 3, time: 1e9 + 3 });
    files.receive("start", open.start);
    files.receive("descriptor", open.descriptor);
    files.receive("event", open.event(1, { det: 7 }));
    const watched = watch("runs");
    await until(() => rowsOf(watched) === 1);
    files.receive("event", open.event(2, { det: 8 }));
    await until(() => rowsOf(watched) === 2);
    files.receive("stop", open.stop());
    const later = testRun({ det: {} }, { scan_id: 4, time: 1e9 + 4 });
    void play(files.receive, later, rows(3));
    await until(() => watched.out.includes("#4") && rowsOf(watched) === 5);
    expect(watched.out).to.contain("#3").and.not.contain("#1 ").and.not.contain("#2 ");
    await endProgram(watched.child, "SIGINT");
    expect(watched.child.exitCode).to.equal(0);
  });

  it("waits for a folder that does not exist yet, and shows all runs that begin in it", async () => {
    const watched = watch("runs");
    await until(() => watched.out.includes("following runs"));
    const files = new RunFiles(join(dir, "runs"));
    // All of them are there at the first look into the folder, and begin after the program.
    for (const scan_id of [1, 2, 3])
      void play(files.receive, testRun({ det: {} }, { scan_id, time: Date.now() / 1000 + 1 }), rows(2));
    await until(() => rowsOf(watched) === 6);
    for (const scan_id of [1, 2, 3]) expect(watched.out).to.contain(`#${scan_id} `);
  });

  if (existsSync(NATS)) {
    it("follows a NATS broker: the newest run for a latecomer, and the next one after a restart of the broker", async () => {
      const port = await freePort();
      const uri = `nats://127.0.0.1:${port}`;
      const broker = async () => {
        const program = start(NATS, "-js", "-sd", join(dir, "nats"), "-a", "127.0.0.1", "-p", `${port}`);
        await until(() => isOpen(port));
        return program;
      };
      const first = await broker();
      const RE = createRunEngine({ live: false, dir: join(dir, "runs"), publish: uri });
      const det = new SimDetector("det");
      await RE(count([det], 2));
      await RE(count([det], 3));
      await until(() => published(uri, 2));
      const watched = watch(uri);
      await until(() => watched.out.includes("#2") && rowsOf(watched) === 3);
      expect(watched.out).to.not.contain("#1 ");
      await endProgram(first.child);
      await RE(count([det], 4));
      await broker();
      await until(() => watched.out.includes("#3") && rowsOf(watched) === 7);
    });
  }

  it("follows bluesky's 0MQ proxy", async () => {
    const [into, from] = [await freePort(), await freePort()];
    start(peer("bluesky-0MQ-proxy"), `${into}`, `${from}`);
    const watched = watch(`tcp://127.0.0.1:${from}`);
    await until(() => watched.out.includes("following") && isOpen(into));
    const RE = createRunEngine({ live: false, dir: join(dir, "runs"), publish: `tcp://127.0.0.1:${into}` });
    // A proxy keeps nothing: what is sent before the subscription came to it is lost.
    await until(async () => {
      await RE(count([new SimDetector("det")], 2));
      return rowsOf(watched) >= 2;
    });
  });

  it("follows a Tiled server, also while it is away", async () => {
    const server = await startTiled();
    process.env.TILED_API_KEY = server.key;
    try {
      const files = new RunFiles(join(dir, "runs"));
      const upload = () => uploadRuns(tiled(server.uri), [...openRuns(join(dir, "runs")).find({ sort: "oldest" })]);
      for (const scan_id of [1, 2])
        void play(files.receive, testRun({ det: {} }, { scan_id, time: 1e9 + scan_id }), rows(2));
      await upload();
      const watched = watch(server.uri);
      await until(() => watched.out.includes("#2") && rowsOf(watched) === 2);
      await server.kill();
      await until(() => watched.out.includes("trying again until it answers"));
      await server.restart();
      void play(files.receive, testRun({ det: {} }, { scan_id: 3, time: 1e9 + 3 }), rows(3));
      await upload();
      await until(() => watched.out.includes("#3") && rowsOf(watched) === 5);
    } finally {
      delete process.env.TILED_API_KEY;
      await server.stop();
    }
  });

  it("says what is wrong with an address, a broker or a port that is not there", async () => {
    const wrong = watch("kafka://x");
    await once(wrong.child, "close");
    expect(wrong.out).to.contain('"kafka://x" is not a broker');
    const port = await freePort();
    const away = watch(`nats://127.0.0.1:${port}`);
    await once(away.child, "close");
    expect(away.out).to.match(/secop-lab: .*127\.0\.0\.1/);
    expect([wrong.child.exitCode, away.child.exitCode]).to.deep.equal([1, 1]);
    const page = watch("runs", "--browser", "--port", "70000");
    await once(page.child, "close");
    expect(page.out).to.contain("--port takes a number from 0 to 65535");
  });

  describe("--browser", () => {
    const EVIL = `x"'><img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`;
    const page = async () => {
      const program = watch("runs", "--browser", "--port", "0");
      await until(() => / at http:\S+/.test(program.out));
      return { program, url: / at (http:\S+)/.exec(program.out)?.[1] ?? "" };
    };

    it("shows a run with plot and table as it grows, strings of nodes as text, and says when it has ended", async () => {
      const files = new RunFiles(join(dir, "runs"));
      const keys = { motor: { units: "mm" }, [EVIL]: { units: EVIL } };
      const run = testRun(keys, { motors: ["motor"], plan_name: EVIL, sample: EVIL });
      files.receive("start", { ...run.start, hints: { dimensions: [[["motor"], "primary"]] } });
      files.receive("descriptor", run.descriptor);
      files.receive("event", run.event(1, { motor: 0, [EVIL]: 1 }));
      const { program, url } = await page();
      const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
      try {
        const tab = await browser.newPage();
        await tab.goto(url);
        const rowsOnPage = async () => (await tab.locator("main").innerText()).match(/^\d+\t/gm)?.length ?? 0;
        await until(async () => (await rowsOnPage()) === 1);
        files.receive("event", run.event(2, { motor: 1, [EVIL]: 2 }));
        await until(async () => (await rowsOnPage()) === 2);
        await tab.locator('section img[src^="data:image/png"]').waitFor();
        await tab.setViewportSize({ width: 390, height: 844 });
        // The page may still take the new width, or a newer frame.
        await until(async () => (await tab.locator("section .words").innerText()).includes("motor (mm)"));
        await tab.setViewportSize({ width: 1280, height: 900 });
        await until(async () => !(await tab.locator("section .words").isVisible()));
        // Two browsers may look at the same time, and a reload shows all of it again.
        await tab.reload();
        await until(async () => (await rowsOnPage()) === 2);
        files.receive("stop", run.stop());
        await tab.getByText("success").first().waitFor();
        expect(await tab.locator("section script, section img:not([src^='data:'])").count()).to.equal(0);
        expect(await tab.title()).to.equal("runs - secop-lab watch");
        expect(await tab.locator("section").innerText()).to.contain(EVIL);
        await endProgram(program.child, "SIGINT");
        await tab.getByText("not connected").waitFor();
        expect(program.child.exitCode).to.equal(0);
      } finally {
        await browser.close();
      }
    });

    it("takes nothing in, is for this machine only, and cannot be read through another name", async () => {
      const { url } = await page();
      const { port, hostname } = new URL(url);
      expect(hostname).to.equal("127.0.0.1");
      const ask = (method: string, path: string, headers = {}) =>
        new Promise<number | undefined>((resolve, reject) => {
          const asked = request({ host: hostname, port, method, path, headers }, (response) => {
            response.destroy();
            resolve(response.statusCode);
          });
          asked.on("error", reject).end();
        });
      expect(await ask("GET", "/")).to.equal(200);
      expect(await ask("POST", "/")).to.equal(405);
      expect(await ask("PUT", "/events")).to.equal(405);
      expect(await ask("GET", "/../package.json")).to.equal(404);
      expect(await ask("GET", "/", { host: `evil.example:${port}` })).to.equal(403);
      expect(await ask("GET", "/", { host: `localhost:${port}` })).to.equal(200);
      const { headers } = await fetch(url);
      expect(headers.get("content-security-policy")).to.match(/^default-src 'none';.*script-src 'sha256-[^']+'$/);
    });
  });
});

/** Whether a broker has so many runs with their ends. */
async function published(uri: string, runs: number): Promise<boolean> {
  let ended = 0;
  for await (const { name } of nats(uri).documents()) {
    if (name === "stop") ended += 1;
    if (ended === runs) return true;
  }
  return false;
}
