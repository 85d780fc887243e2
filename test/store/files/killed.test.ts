import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openRuns } from "../../../lib/store/openRuns";
import { repository } from "../../peers/peers";
import { KernelClient } from "../../support/kernelClient";
import { until } from "../../support/until";

/** Kills per run of the tests; more with `KILLS=500`. */
const KILLS = Number(process.env.KILLS ?? 9);

/** Where the plan runs. */
const PLACES = ["script", "run", "kernel"] as const;
/** How fast events come: as fast as they can, in bursts that are followed by computing, or 300 a second. */
const PACES = {
  fast: "",
  bursts: "if (doc.seq_num % 97 === 0) for (const end = performance.now() + 2; performance.now() < end; );",
  slow: "",
} as const;
type Pace = keyof typeof PACES;

/**
 * An endless plan. A subscriber writes the number of each event into the file `seen`, which outlives the
 * process.
 */
const endless = (dir: string, pace: Pace): string => `
const seen = fs.openSync(${JSON.stringify(join(dir, "seen"))}, "w");
const RE = createRunEngine({ live: false, dir: ${JSON.stringify(join(dir, "runs"))} });
RE.subscribe((_name, doc) => { fs.writeSync(seen, String(doc.seq_num).padStart(9), 0); ${PACES[pace]} }, "event");
fs.writeFileSync(${JSON.stringify(join(dir, "pid"))}, String(process.pid));
await RE(count([new SimDetector("det")], 10_000_000, ${pace === "slow" ? 0.003 : 0}));`;

const cellOf = (dir: string, pace: Pace) => `import * as fs from "node:fs";${endless(dir, pace)}`;

const START: Record<(typeof PLACES)[number], (dir: string, pace: Pace) => Promise<() => Promise<unknown>>> = {
  script: async (dir, pace) => {
    const names = `const { createRunEngine, count, SimDetector } = require(${JSON.stringify(join(repository, "dist/lib/index.js"))});`;
    const code = `const fs = require("node:fs"); ${names} void (async () => {${endless(dir, pace)}})();`;
    return ended(spawn(process.execPath, ["-e", code], { stdio: "ignore" }));
  },
  run: async (dir, pace) => {
    const cell = { cell_type: "code", metadata: {}, outputs: [], execution_count: null, source: cellOf(dir, pace) };
    writeFileSync(
      join(dir, "endless.ipynb"),
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }),
    );
    const program = join(repository, "dist/kernel/main.js");
    return ended(spawn(process.execPath, [program, "run", "endless.ipynb"], { cwd: dir, stdio: "ignore" }));
  },
  kernel: async (dir, pace) => {
    const kernel = await KernelClient.start();
    kernel.run(cellOf(dir, pace)).catch(() => {});
    return () => kernel.close();
  },
};

/** Waits for the end of a process. */
const ended = (child: ChildProcess) => async () => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
};

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

describe("a process that is killed (SIGKILL) while it measures", () => {
  for (const [at, place] of PLACES.entries()) {
    for (const [i, pace] of (Object.keys(PACES) as Pace[]).entries()) {
      const combinations = PLACES.length * Object.keys(PACES).length;
      const kills = Math.ceil((KILLS - (3 * at + i)) / combinations);
      if (kills <= 0) continue;
      it(`has every event in its file that a subscriber had seen: ${place}, ${pace}, ${kills} kills`, async () => {
        let events = 0;
        for (let kill = 0; kill < kills; kill += 1) {
          const dir = mkdtempSync(join(tmpdir(), "killed-"));
          try {
            const end = await START[place](dir, pace);
            await until(() => textOf(join(dir, "seen")) !== "");
            await delay(Math.random() * 300);
            process.kill(Number(textOf(join(dir, "pid"))), "SIGKILL");
            await end();
            const seen = Number(textOf(join(dir, "seen")));
            const run = openRuns(join(dir, "runs")).latest();
            const numbers = (await run.table()).column<number>("seq_num");
            expect(seen).to.be.greaterThan(0);
            expect(numbers.at(-1)).to.be.at.least(seen);
            expect(numbers.length).to.equal(numbers.at(-1));
            expect(run.stop).to.equal(undefined);
            expect((await run.column("det")).length).to.equal(numbers.length);
            events += seen;
          } finally {
            rmSync(dir, { recursive: true, force: true });
          }
        }
        if (KILLS > 100) console.log(`      ${kills} kills, ${events} events seen, none lost`);
      }).timeout(30_000 + kills * 30_000);
    }
  }
});
