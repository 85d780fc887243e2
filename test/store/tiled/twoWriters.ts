/**
 * A process that makes some runs with numbers and arrays, keeps them in a folder and on a Tiled server, and
 * ends.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { softSignalRw } from "../../../lib/core";
import { createRunEngine } from "../../../lib/notebook";
import { count } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { tiled } from "../../../lib/store/tiled/tiledClient";
import { until } from "../../support/until";

const [, , dir = "", uri = "", seed = "0", runs = "1", events = "1"] = process.argv;

async function main(): Promise<void> {
  const RE = createRunEngine({ live: false, store: [dir, tiled(uri)] });
  const det = new SimDetector("det", { noise: 1, seed: Number(seed) });
  const wave = softSignalRw([0, 0, 0]);
  wave.setName("wave");
  for (let run = 0; run < Number(runs); run += 1) {
    await wave.set([run, Number(seed), 0.5]);
    await RE(count([det, wave], Number(events)));
  }
  // What the server did not get yet is noted here.
  await until(() =>
    readdirSync(join(dir, ".pending"), { recursive: true }).every((name) => !/\/[^.]+$/.test(`${name}`)),
  );
}

void main();
