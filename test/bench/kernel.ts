/** Our kernel against stock tslab, and ipykernel for scale, each behind the same Python client. */

import { join } from "node:path";
import { peersPython, repository, runPython } from "../peers/peers";
import type { BenchRow } from "./bench";

interface Times {
  readonly start: number;
  readonly first: number;
  readonly trivial: number;
  readonly after: number;
  readonly completion: number;
  readonly memory: number;
  /** Not of Python. */
  readonly updates?: { readonly ms: number; readonly arrived: number; readonly newest: boolean };
  readonly lines: { readonly ms: number; readonly characters: number; readonly idle: boolean };
}

const DECLARATIONS = "const v# = #; function f#(x: number) { return x + v# }";
const PYTHON_DECLARATIONS = "v# = #\ndef f#(x): return x + v#";
/** Characters of the lines 0 to 19,999. */
const ALL_LINES = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("").length;

export async function benchKernel(): Promise<BenchRow[]> {
  const ours = await times([process.execPath, join(repository, "dist/kernel/main.js"), "kernel", "{connection_file}"]);
  const tslab = await times([
    process.execPath,
    join(repository, "node_modules/tslab/bin/tslab"),
    "kernel",
    "--config-path",
    "{connection_file}",
  ]);
  const python = await times(
    [peersPython(), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    PYTHON_DECLARATIONS,
  );
  const compared = (what: string, key: "start" | "first" | "trivial" | "after" | "completion", target?: string) => [
    { what, unit: "ms", ours: ours[key], peer: tslab[key], ratio: ours[key] / tslab[key], ...(target && { target }) },
    { what: "  the same, ipykernel", unit: "ms", ours: ours[key], peer: python[key], ratio: ours[key] / python[key] },
  ];
  return [
    ...compared("kernel start to first reply", "start", "<= 0.6 x"),
    ...compared("first cell, 3 s after the start", "first", "<= 30 ms"),
    ...compared("trivial cell, median", "trivial", "<= 0.6 x"),
    ...compared("trivial cell after 300 declaration cells", "after"),
    {
      what: "  the same, against ours fresh",
      unit: "ms",
      ours: ours.after,
      peer: ours.trivial,
      ratio: ours.after / ours.trivial,
      target: "<= 1.3 x",
    },
    ...compared("completion of a member, median", "completion"),
    {
      what: "20,000 lines of console.log until idle (tslab: never, 4 s)",
      unit: "ms",
      ours: ours.lines.ms,
      peer: tslab.lines.ms,
      target: "< 500 ms",
    },
    {
      what: "  arrived, of 100",
      unit: "%",
      ours: (100 * ours.lines.characters) / ALL_LINES,
      peer: (100 * tslab.lines.characters) / ALL_LINES,
      target: ">= 100 %",
    },
    ...(ours.updates && tslab.updates
      ? [
          {
            what: "5,000 updates of one display until idle (tslab: never, 4 s)",
            unit: "ms",
            ours: ours.updates.ms,
            peer: tslab.updates.ms,
            ratio: ours.updates.ms / tslab.updates.ms,
          },
          {
            what: "  the newest is what is shown (1: yes)",
            unit: "",
            ours: Number(ours.updates.newest),
            peer: Number(tslab.updates.newest),
            target: ">= 1",
          },
        ]
      : []),
    {
      what: "memory after 300 cells",
      unit: "MB",
      ours: ours.memory,
      peer: tslab.memory,
      ratio: ours.memory / tslab.memory,
    },
  ];
}

async function times(argv: readonly string[], declarations = DECLARATIONS): Promise<Times> {
  const out = await runPython("test/bench/kernel_times.py", [JSON.stringify(argv), declarations], { timeout: 180 });
  return JSON.parse(out) as Times;
}
