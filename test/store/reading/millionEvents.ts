/**
 * A process that writes a run of a million events, then reads one column of it, then all its events, and
 * prints seconds and megabytes of each as JSON. The memory is that which the system counts for the process.
 */

import { createRunEngine } from "../../../lib/notebook";
import { scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { openRuns } from "../../../lib/store/openRuns";

const [, , dir = "", task = ""] = process.argv;
const COUNT = 1_000_000;

const seconds = async (work: () => Promise<void>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

async function main(): Promise<void> {
  if (task === "write") {
    const motor = new SimMotor("motor");
    const RE = createRunEngine({ live: false, dir });
    await RE(scan([new SimDetector("det", { motor, center: 5 })], motor, 0, 10, COUNT));
    return;
  }
  const before = process.resourceUsage().maxRSS;
  let found = "";
  const took = await seconds(async () => {
    const run = openRuns(dir).latest();
    if (task === "column") {
      const values = await run.column("motor");
      found = `${values.length} ${values[0]} ${values.at(-1)}`;
      return;
    }
    let [count, last] = [0, Number.NaN];
    for await (const { data } of run.events()) {
      count += 1;
      last = data.motor as number;
    }
    found = `${count} ${last}`;
  });
  const megabytes = (process.resourceUsage().maxRSS - before) / 1024;
  console.log(JSON.stringify({ found, took, megabytes }));
}

void main();
