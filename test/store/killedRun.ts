/**
 * A process that makes events as fast as it can and writes the number of each to stdout after the run file had
 * it, for tests that kill it. Bursts are followed by computing.
 */

import { writeSync } from "node:fs";
import { createRunEngine } from "../../lib/notebook";
import { count } from "../../lib/plans";
import { SimDetector } from "../../lib/sim/devices/simDetector";

const RE = createRunEngine({ live: false, dir: process.argv[2] as string });
RE.subscribe((_name, { seq_num }) => {
  writeSync(1, `${seq_num}\n`);
  if (seq_num % 97 !== 0) return;
  const end = performance.now() + 2;
  while (performance.now() < end);
}, "event");
void RE(count([new SimDetector("det")], 1_000_000));
