/** Measures our kernel, stock tslab and ipykernel with the same Python client. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { peersPython, repository, runPython } from "../peers/peers";
import { bigNode } from "../support/bigNode";
import { ourKernel } from "../support/kernelClient";
import type { BenchRow } from "./bench";

interface Times {
  readonly start: number;
  /** From the start of the process to the value of a cell that is sent at once. */
  readonly atOnce: number;
  readonly first: number;
  readonly trivial: number;
  readonly after: number;
  readonly completion: number;
  readonly classFile: number;
  /**
   * The resident memory in MB of all processes of the kernel: after the first cell, after 300, and the most
   * that it was.
   */
  readonly startMemory: number;
  readonly memory: number;
  readonly peakMemory: number;
  /** After 300 cells, in a notebook with Vega, Vega-Lite and Arrow. Only of ours. */
  readonly packagesMemory?: number;
  readonly lines: { readonly ms: number; readonly characters: number; readonly idle: boolean };
  readonly updates: { readonly ms: number; readonly arrived: number; readonly newest: boolean; readonly idle: boolean };
}

/** The cells for the TypeScript kernels; `#` stands for the number of the cell. */
const TYPESCRIPT = {
  declare: "const v# = #; function f#(x: number) { return x + v# }",
  complete: "v1.to",
  lines: "for (let i = 0; i < 20000; i++) console.log(i)",
  display: "import * as tslab from 'tslab'; const shown = tslab.newDisplay();",
  updates: "for (let i = 0; i < 5000; i++) shown.text(String(i))",
  library: 'import { TypedNode } from "secop-lab";\nconst warm = TypedNode.name;',
  classFile: 'import { BigNode } from "./devices/big";\nconst big = new BigNode("localhost:10767");',
  packages: `import * as vega from "vega"; import * as vegaLite from "vega-lite"; import * as arrow from "apache-arrow";
import { SimMotor } from "secop-lab";
const { spec } = vegaLite.compile({ data: { values: [{ x: 1 }] }, mark: "point", encoding: { x: { field: "x" } } });
const svg = await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
const table = arrow.tableFromArrays({ x: new Float64Array(1000) });
[svg.length, table.numRows, new SimMotor("m").name];`,
};
const PYTHON = {
  declare: "v# = #\ndef f#(x): return x + v#",
  complete: "v1.",
  lines: "for i in range(20000): print(i)",
  display: "from IPython.display import display; shown = display(-1, display_id=True)",
  updates: "for i in range(5000): shown.update(i)",
  library: "import typing, dataclasses",
  classFile: "from devices.big import Node\nbig = Node()",
};
/** The number of characters in the lines 0 to 19,999. */
const ALL_LINES = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("").length;

export async function benchKernel(): Promise<BenchRow[]> {
  const kernels = {
    ours: {
      argv: ourKernel,
      cells: TYPESCRIPT,
    },
    tslab: {
      argv: [
        process.execPath,
        join(repository, "node_modules/tslab/bin/tslab"),
        "kernel",
        "--config-path",
        "{connection_file}",
      ],
      cells: TYPESCRIPT,
    },
    echo: {
      argv: [process.execPath, join(repository, "test/peers/jupyter/echoKernel.mjs"), "{connection_file}"],
      cells: { ...TYPESCRIPT, declare: "#" },
    },
    python: { argv: [peersPython(), "-m", "ipykernel_launcher", "-f", "{connection_file}"], cells: PYTHON },
  };
  const folder = await workspace();
  try {
    const out = await runPython("test/bench/kernelTimes.py", [JSON.stringify(kernels), folder], { timeout: 600 });
    return rows(JSON.parse(out) as Record<keyof typeof kernels, Times>);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes a folder with the class file of a large node, and a similar Python module. */
async function workspace(): Promise<string> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "secop-lab-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules/secop-lab"));
  for (const name of ["vega", "vega-lite", "apache-arrow"]) {
    symlinkSync(join(repository, "node_modules", name), join(folder, "node_modules", name));
  }
  await generateClasses(parseDescription(bigNode(60, 80)), { dir: join(folder, "devices"), file: "big" });
  const classes = Array.from({ length: 60 }, (_, n) => {
    const members = Array.from(
      { length: 80 },
      (_, k) => `    _heater_${k}: float = 0.0\n    "heater ${k} of ${n} (K)"`,
    );
    return `@dataclasses.dataclass\nclass Module${n}:\n${members.join("\n")}\n`;
  });
  const members = classes.map((_, n) => `        self.mod${n} = Module${n}()`).join("\n");
  const node = `class Node:\n    def __init__(self):\n${members}\n`;
  writeFileSync(join(folder, "devices/big.py"), `import dataclasses\n${classes.join("\n")}\n${node}`);
  return folder;
}

function rows({ ours, tslab, python, echo }: Record<"ours" | "tslab" | "python" | "echo", Times>): BenchRow[] {
  const compared = (what: string, unit: string, of: (times: Times) => number, target?: string): BenchRow[] => [
    {
      what,
      unit,
      ours: of(ours),
      peer: of(tslab),
      ratio: of(ours) / of(tslab),
      ...(target !== undefined && { target }),
    },
    { what: "  the same, ipykernel", unit, ours: of(ours), peer: of(python), ratio: of(ours) / of(python) },
  ];
  /** If tslab loses its idle message, its time is the time of its last message plus 4 s. */
  const never = (idle: boolean): string => (idle ? "" : " (tslab: never)");
  return [
    ...compared("kernel start to first reply", "ms", ({ start }) => start, "<= 0.6 x"),
    ...compared("cell sent at once: process start to its value", "ms", ({ atOnce }) => atOnce, "<= 0.45 x"),
    ...compared("first cell, 3 s after the start", "ms", ({ first }) => first, "<= 30 ms"),
    ...compared("trivial cell, median", "ms", ({ trivial }) => trivial, "<= 0.6 x"),
    { what: "  an echo kernel, in the same run", unit: "ms", ours: echo.trivial },
    ...compared("  without the time of the echo kernel", "ms", ({ trivial }) => trivial - echo.trivial, "<= 0.4 x"),
    ...compared("trivial cell after 300 declaration cells", "ms", ({ after }) => after),
    {
      what: "  the same, against ours fresh",
      unit: "ms",
      ours: ours.after,
      peer: ours.trivial,
      ratio: ours.after / ours.trivial,
      target: "<= 1.3 x",
    },
    ...compared("completion of a member, median", "ms", ({ completion }) => completion),
    ...compared("first import of a class file of 60 x 80", "ms", ({ classFile }) => classFile, "<= 400 ms"),
    ...compared(`20,000 lines until idle${never(tslab.lines.idle)}`, "ms", ({ lines }) => lines.ms, "< 500 ms"),
    ...compared("  arrived, of 100", "%", ({ lines }) => (100 * lines.characters) / ALL_LINES, ">= 100 %"),
    ...compared(`5,000 updates of a display until idle${never(tslab.updates.idle)}`, "ms", ({ updates }) => updates.ms),
    ...compared("  the display shows the newest update (1: yes)", "", ({ updates }) => Number(updates.newest), ">= 1"),
    ...compared("memory after the first cell, with the compiler", "MB", ({ startMemory }) => startMemory),
    ...compared("memory after 300 cells, with the compiler", "MB", ({ memory }) => memory, "<= 0.6 x"),
    { what: "  in MB", unit: "MB", ours: ours.memory, target: "<= 220 MB" },
    ...compared("  the most until then", "MB", ({ peakMemory }) => peakMemory),
    {
      what: "memory after 300 cells with Vega, Vega-Lite and Arrow",
      unit: "MB",
      ours: ours.packagesMemory ?? Number.NaN,
      target: "<= 320 MB",
    },
  ];
}
