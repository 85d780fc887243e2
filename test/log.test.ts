import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { expect } from "chai";
import { SecopNodeDevice } from "../lib/devices/node/secopNodeDevice";
import { closeLogs, type LogLevel, openLog } from "../lib/log";
import { startSimNode } from "../lib/sim/startSimNode";

describe("the log", () => {
  let dir = "";

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "log-"));
  });

  afterEach(async () => {
    await closeLogs();
    rmSync(dir, { recursive: true });
  });

  const lines = async (name = dir) => {
    await closeLogs();
    return readFileSync(join(name, "secop-lab.log"), "utf8").trimEnd().split("\n");
  };

  it("does not exist before the first line", async () => {
    const sub = join(dir, "logs");
    const log = openLog("cryo", { dir: sub });
    log.debug("below the level");
    expect(existsSync(sub)).to.equal(false);
    log.info("first");
    const [line] = await lines(sub);
    expect(line).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO \[cryo\] first$/);
  });

  it("is in .secop-lab/ of the working directory unless options say otherwise, from INFO up", async () => {
    const node = await startSimNode({ modules: ["sensor"] });
    const before = process.cwd();
    process.chdir(dir);
    try {
      const device = new SecopNodeDevice(node.uri, { name: "lab" });
      await device.connect();
      await device.dispose();
    } finally {
      process.chdir(before);
      await node.close();
    }
    const file = await lines(join(dir, ".secop-lab"));
    expect(file.every((line) => / INFO \[lab\] /.test(line))).to.equal(true);
    expect(file.join()).to.contain(`connected to ${node.uri}`);
  });

  it("has several devices in one file, each with its level", async () => {
    const [a, b] = [openLog("a", { dir, level: "DEBUG" }), openLog("b", { dir, level: "ERROR" })];
    for (const log of [a, b, openLog("c", { dir, level: "CRITICAL" })]) {
      log.debug(() => "made when wanted");
      log.warn("careful");
      log.error("broken");
      log.critical("stop");
    }
    const seen = (await lines()).map((line) => line.split(" ").slice(1, 3).join(" "));
    expect(seen).to.deep.equal([
      "DEBUG [a]",
      "WARNING [a]",
      "ERROR [a]",
      "CRITICAL [a]",
      "ERROR [b]",
      "CRITICAL [b]",
      "CRITICAL [c]",
    ]);
  });

  it("keeps each entry on one line, whatever it contains", async () => {
    openLog("n", { dir }).info("one\r\ntwo\u2028three");
    expect(await lines()).to.have.length(1);
  });

  it("drops rotated files after 48 hours, at the start as well, and nothing else", async () => {
    const old = new Date(Date.now() - 49 * 3_600_000);
    for (const name of ["secop-lab-20260101-07.log", "secop-lab-20260101-08.log", "mine.log"]) {
      writeFileSync(join(dir, name), "");
      if (!name.endsWith("-08.log")) utimesSync(join(dir, name), old, old);
    }
    openLog("n", { dir }).info("now");
    await closeLogs();
    expect(
      readdirSync(dir)
        .filter((name) => name !== "secop-lab.log" && !name.startsWith("."))
        .sort(),
    ).to.deep.equal(["mine.log", "secop-lab-20260101-08.log"]);
  });

  it("begins a new file every full hour (UTC), and keeps those of the last 48 hours", async () => {
    const HOUR = 3_600_000;
    const end = Math.ceil(Date.now() / HOUR) * HOUR;
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: end - 1000 });
    try {
      const log = openLog("n", { dir });
      for (let hour = 0; hour < 60; hour += 1) {
        log.info(`hour ${hour}`);
        const rotated = rotatedName(new Date());
        await written(dir, "secop-lab.log", `hour ${hour}`);
        utimesSync(join(dir, "secop-lab.log"), new Date(), new Date());
        mock.timers.tick(HOUR);
        await written(dir, rotated, `hour ${hour}`);
      }
      log.info("the last");
      await closeLogs();
      const names = readdirSync(dir).filter((name) => /^secop-lab-/.test(name));
      expect(names).to.have.length(48);
      expect(names).to.include(rotatedName(new Date(end - 1000 + 59 * HOUR)));
      expect(await lines()).to.have.length(1);
    } finally {
      mock.timers.reset();
    }
  });

  it("rotates at the start what an earlier hour has left", async () => {
    const file = join(dir, "secop-lab.log");
    writeFileSync(file, "written five hours ago\n");
    const before = new Date(Date.now() - 5 * 3_600_000);
    utimesSync(file, before, before);
    openLog("cryo", { dir }).info("new");
    expect((await lines()).join())
      .to.match(/ \[cryo\] new$/)
      .and.not.to.contain("five hours ago");
    expect(readFileSync(join(dir, rotatedName(before)), "utf8")).to.equal("written five hours ago\n");
  });

  it("does not prevent a connection if it cannot be written", async () => {
    const file = join(dir, "occupied");
    writeFileSync(file, "");
    const readOnly = join(dir, "readonly");
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o500);
    const node = await startSimNode({ modules: ["sensor"] });
    for (const logDir of [file, join(readOnly, "x")]) {
      const device = new SecopNodeDevice(node.uri, { logDir, logLevel: "DEBUG" });
      await device.connect();
      await device.dispose();
    }
    await node.close();
  });

  it("shows every message of the protocol at DEBUG", async () => {
    const node = await startSimNode({ modules: ["sensor"] });
    const device = new SecopNodeDevice(node.uri, { name: "cryo", logDir: dir, logLevel: "DEBUG" });
    await device.connect();
    await device.dispose();
    await node.close();
    const text = (await lines()).join("\n");
    expect(text)
      .to.contain("DEBUG [cryo] > *IDN?")
      .and.contain("DEBUG [cryo] < ISSE")
      .and.contain("< update sensor:value");
  });

  it("names the levels for an unknown one", () => {
    expect(() => openLog("n", { level: "LOUD" as LogLevel })).to.throw(
      'no log level "LOUD": use DEBUG, INFO, WARNING, ERROR, CRITICAL',
    );
  });
});

/** The name of the file with the lines of an hour. */
const rotatedName = (time: Date): string =>
  `secop-lab-${time.toISOString().slice(0, 13).replace(/-/g, "").replace("T", "-")}.log`;

/** Resolves when a file exists and contains the text. */
async function written(dir: string, name: string, words: string): Promise<void> {
  const file = join(dir, name);
  const watcher = watch(dir);
  try {
    while (!(existsSync(file) && readFileSync(file, "utf8").includes(words))) await once(watcher, "change");
  } finally {
    watcher.close();
  }
}
