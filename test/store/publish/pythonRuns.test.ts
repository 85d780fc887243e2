/** Runs of Python's RunEngine in our views, while they are made. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { chromium } from "playwright-core";
import type { Document, DocumentName, Event } from "../../../lib/engine/documents/documents";
import { BestEffortCallback } from "../../../lib/live";
import { follow } from "../../../lib/store/publish/follow";
import { zmq } from "../../../lib/store/publish/zmqTarget";
import { chromiumPath, peer, peersPython, repository } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { isOpen } from "../../support/isOpen";
import { endProgram, type Program, startProgram } from "../../support/program";
import { RecordingHost } from "../../support/recordingHost";
import { until } from "../../support/until";

/** Debian's nats-server. */
const NATS = "/usr/sbin/nats-server";
const VEGA_LITE = "application/vnd.vegalite.v5+json";
/** The motor's positions, and what the detector sees there. */
const POSITIONS = [0, 1, 2, 3, 4, 5, 6];
const VALUES = POSITIONS.map((at) => 100 * Math.exp(-((at - 3) ** 2) / 2));

/** What is looked at in a plot of Vega-Lite. */
interface PlotSpec {
  readonly layer: readonly {
    readonly data: { readonly values: readonly { readonly x: number; readonly y: number }[] };
  }[];
}

describe("a run of Python's RunEngine", function () {
  this.timeout(120_000);
  let dir: string;
  let host: RecordingHost | undefined;
  let stop: AbortController;
  const programs: Program[] = [];
  const following: Promise<void>[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "python-"));
    stop = new AbortController();
  });

  afterEach(async () => {
    host?.release();
    host = undefined;
    stop.abort();
    for (const { child } of programs.splice(0)) await endProgram(child);
    await Promise.all(following.splice(0));
    rmSync(dir, { recursive: true, force: true });
  });

  // The client of NATS leaves its time limits of 5 s behind when a broker dies; they keep nothing alive.
  after(() => delay(5500));

  const start = (command: string, ...args: string[]): Program => {
    const program = startProgram(command, args, { cwd: repository, stdio: ["pipe", "pipe", "pipe"] });
    programs.push(program);
    return program;
  };

  const broker = async () => {
    const port = await freePort();
    start(NATS, "-js", "-sd", join(dir, "nats"), "-a", "127.0.0.1", "-p", `${port}`);
    await until(() => isOpen(port));
    return `nats://127.0.0.1:${port}`;
  };

  const proxy = async () => {
    const [into, from] = [await freePort(), await freePort()];
    start(peer("bluesky-0MQ-proxy"), `${into}`, `${from}`);
    await until(async () => (await isOpen(into)) && (await isOpen(from)));
    return { into: `127.0.0.1:${into}`, from: `tcp://127.0.0.1:${from}` };
  };

  /** Python's engine, which measures a point for each line. */
  const engine = async (kind: string, address: string) => {
    const program = start(peersPython(), "test/peers/keeping/runEngine.py", kind, address);
    await until(() => program.out.includes("ready") || program.child.exitCode !== null);
    expect(program.child.exitCode, program.out).to.equal(null);
    return {
      program,
      measure: (...lines: readonly (number | "-")[]) => program.child.stdin?.write(`${lines.join("\n")}\n`),
      /** The documents as Python had them. */
      documents: () =>
        program.out
          .split("\n")
          .slice(0, -1)
          .flatMap((line) => (line.startsWith("[") ? [JSON.parse(line) as [DocumentName, Document["doc"]]] : [])),
    };
  };

  /** Follows in this process, as a notebook does; what was received, and what a user sees of it. */
  const notebook = (source: Parameters<typeof follow>[0]) => {
    host = new RecordingHost(true);
    const views = new BestEffortCallback();
    const documents: [DocumentName, Document["doc"]][] = [];
    const receive = async (name: DocumentName, doc: Document["doc"]) => {
      await views(name, doc as never);
      documents.push([name, doc]);
    };
    following.push(follow(source, receive as never, stop.signal));
    return documents;
  };

  const events = (documents: readonly (readonly [DocumentName, Document["doc"]])[]) =>
    documents.flatMap(([name, doc]) => (name === "event" ? [doc as Event] : []));

  /** Checks table, plot and card of a whole run. */
  const checkViews = () => {
    const outputs = host?.outputs ?? [];
    const text = outputs.map((bundle) => String(bundle["text/plain"])).join("\n");
    expect(text).to.match(/^typed · success · #\d · [\da-f]{8} · \d\d:\d\d:\d\d · 7 points in /m);
    expect(text).to.contain("det (counts) against motor (mm), 7 points · com 3 mm · cen 3 mm");
    expect(text).to.contain("max 100 counts at 3 mm");
    const rows = [...text.matchAll(/^\| +(\d+) \| \d\d:\d\d:\d\d\S* \| +(\S+) \| +(\S+) \|/gm)];
    expect(rows.map((row) => row.slice(1))).to.deep.equal(
      POSITIONS.map((at, i) => [`${i + 1}`, `${at}`, VALUES[i]?.toFixed(4)]),
    );
    const specs = outputs.flatMap((bundle) => (bundle[VEGA_LITE] ? [bundle[VEGA_LITE] as PlotSpec] : []));
    const points = specs.at(-1)?.layer[0]?.data.values ?? [];
    expect(points.map(({ x }) => x)).to.deep.equal(POSITIONS);
    // A plot has the digits that can be seen.
    for (const [i, { y }] of points.entries()) expect(y).to.be.closeTo(VALUES[i] ?? Number.NaN, 1e-3);
    expect(JSON.stringify(specs.at(-1)))
      .to.contain("det (counts)")
      .and.to.contain("motor (mm)");
  };

  if (existsSync(NATS)) {
    it("is seen from its beginning and by a latecomer over NATS, with table, plot and card right to the number", async () => {
      const uri = await broker();
      const python = await engine("nats", uri);
      python.measure(...POSITIONS.slice(0, 3));
      await until(() => events(python.documents()).length === 3);
      const documents = notebook(uri);
      await until(() => events(documents).length === 3);
      python.measure(...POSITIONS.slice(3), "-");
      await until(() => documents.some(([name]) => name === "stop"));
      expect(documents).to.deep.equal(python.documents());
      expect(events(documents).map(({ data }) => data.det)).to.deep.equal(VALUES);
      expect(events(documents)[3]?.data).to.deep.equal({
        motor: 3,
        det: 100,
        det_counts: 2 ** 53 - 1,
        det_wave: [100, -1.5],
        det_state: "é <b>",
      });
      checkViews();
    });
  }

  it("is seen over bluesky's 0MQ, from its beginning; of one that goes on, a latecomer hears that it will see the next one", async () => {
    const { into, from } = await proxy();
    const python = await engine("zmq", into);
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => void warned.push(text);
    try {
      python.measure(0);
      await until(() => events(python.documents()).length === 1);
      const documents = notebook(from);
      // A proxy keeps nothing: points are measured until one comes through.
      await until(() => {
        python.measure(1);
        return events(documents).length > 0;
      });
      expect(warned).to.deep.equal([
        `${from}: a run goes on whose beginning was not received; the next one is shown whole`,
      ]);
      expect(host?.outputs).to.deep.equal([]);
      python.measure("-");
      await until(() => documents.some(([name]) => name === "stop"));
      documents.length = 0;
      const before = python.documents().length;
      python.measure(...POSITIONS, "-");
      await until(() => documents.some(([name]) => name === "stop"));
      expect(documents).to.deep.equal(python.documents().slice(before));
      expect(warned).to.have.length(1);
      checkViews();
    } finally {
      console.warn = warn;
    }
  });

  it("is reported once if its documents are pickled, with the line that Python needs; nothing of them is run", async () => {
    const { into, from } = await proxy();
    const python = await engine("pickle", into);
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => void warned.push(text);
    try {
      const documents = notebook(zmq(from));
      await until(() => {
        python.measure(1, "-");
        return warned.length > 0;
      });
      python.measure(1, "-", 2, "-");
      await until(() => python.documents().filter(([name]) => name === "stop").length > 2);
      expect(documents).to.deep.equal([]);
      expect(warned).to.have.length(1);
      expect(warned[0]).to.match(
        /documents are pickled, which is never read; in Python: Publisher\(address, serializer=/,
      );
    } finally {
      console.warn = warn;
    }
  });

  if (existsSync(NATS)) {
    it("is shown by secop-lab watch in a terminal and on its page, for those who were there and who come late", async () => {
      const uri = await broker();
      const python = await engine("nats", uri);
      const main = join(repository, "dist/kernel/main.js");
      const early = start(process.execPath, main, "watch", uri);
      await until(() => early.out.includes("following"));
      python.measure(...POSITIONS.slice(0, 4));
      const rowsOf = ({ out }: Program) => [...out.matchAll(/^\| +\d+ \| \d\d:\d\d:\d\d/gm)].length;
      await until(() => rowsOf(early) === 4);
      const late = start(process.execPath, main, "watch", uri);
      const page = start(process.execPath, main, "watch", uri, "--browser", "--port", "0");
      await until(() => rowsOf(late) === 4 && / at http:\S+/.test(page.out));
      const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
      try {
        const tab = await browser.newPage();
        await tab.goto(/ at (http:\S+)/.exec(page.out)?.[1] ?? "");
        const shown = () => tab.locator("main").innerText();
        await until(async () => (await shown()).match(/^\d+\t/gm)?.length === 4);
        python.measure(...POSITIONS.slice(4), "-");
        await until(async () => /success/.test(await shown()));
        const rows = [...(await shown()).matchAll(/^(\d+)\t\S+\t(\S+)\t/gm)].map(([, n, at]) => [n, Number(at)]);
        expect(rows).to.deep.equal(POSITIONS.map((at, i) => [`${i + 1}`, at]));
        await tab.locator('section img[src^="data:image/png"]').first().waitFor();
      } finally {
        await browser.close();
      }
      await until(() => early.out.includes("success") && late.out.includes("success"));
      expect([rowsOf(early), rowsOf(late)]).to.deep.equal([7, 7]);
    });
  }
});
