/** `secop-lab init`: makes the folder of an experiment, ready to run. */

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { diskErrorText } from "../../lib/disk";
import { UsageError } from "../../lib/errors";
import { packageRoot, version } from "../installation";

export interface InitOptions {
  /** Whether npm installs secop-lab into the folder, for the types in editors. */
  readonly install: boolean;
}

/** Writes what is missing in the folder, never over a file that exists, and prints what to do next. */
export function initWorkspace(folder: string, { install }: InitOptions): void {
  const path = resolve(folder);
  try {
    mkdirSync(join(path, "devices"), { recursive: true });
    for (const [name, text] of Object.entries(filesOf(path))) writeMissing(path, name, text);
    ignoreInGit(path);
  } catch (error) {
    throw new UsageError(`cannot make the workspace ${path}: ${diskErrorText(error)}`, { cause: error });
  }
  const installed = install && installPackages(path);
  const here = relative(process.cwd(), path);
  console.log(nextSteps(here, installed));
}

function writeMissing(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  if (existsSync(path)) {
    console.log(`kept     ${name}`);
    return;
  }
  writeFileSync(path, text);
  console.log(`written  ${name}`);
}

/** Adds the lines that `.gitignore` does not have yet. */
function ignoreInGit(folder: string): void {
  const path = join(folder, ".gitignore");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = before.split(/\r?\n/).map((line) => line.trim());
  const missing = IGNORED.filter((line) => !lines.includes(line));
  if (missing.length === 0) return;
  appendFileSync(path, `${before === "" || before.endsWith("\n") ? "" : "\n"}${missing.join("\n")}\n`);
  console.log("written  .gitignore");
}

function installPackages(folder: string): boolean {
  console.log("npm install ...");
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status === 0) return true;
  console.error(
    "npm install failed. Notebooks and scripts run without it; editors have the types once it has succeeded.",
  );
  return false;
}

function nextSteps(here: string, installed: boolean): string {
  const program = installed ? "npx secop-lab" : "secop-lab";
  return [
    "",
    ...(here === "" ? [] : [`cd ${/^[\w./-]+$/.test(here) ? here : JSON.stringify(here)}`]),
    `${program} run first-scan.ts         # a scan in this terminal, without Jupyter`,
    `${program} install && jupyter lab    # the notebook first-scan.ipynb; needs pip install jupyterlab`,
    `${program} discover                  # the SEC nodes in this network`,
  ].join("\n");
}

const IGNORED = ["node_modules/", "runs/", ".secop-lab/", "*.executed.ipynb", ".ipynb_checkpoints/"];

function filesOf(folder: string): Record<string, string> {
  return {
    "package.json": json({
      name: packageName(folder),
      private: true,
      type: "module",
      scripts: { start: "secop-lab run first-scan.ts", lab: "secop-lab install && jupyter lab" },
      dependencies: { "secop-lab": dependencyOn(folder) },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "es2023",
        lib: ["es2023", "esnext.disposable"],
        module: "esnext",
        moduleResolution: "bundler",
        moduleDetection: "force",
        types: ["node"],
        // In a clone that is linked here, the types of Node stay with it.
        typeRoots: ["node_modules/@types", "node_modules/secop-lab/node_modules/@types"],
        strict: true,
        skipLibCheck: true,
        noEmit: true,
      },
      include: ["*.ts", "devices/*.ts"],
    }),
    "first-scan.ts": SCRIPT,
    "first-scan.ipynb": json(notebook()),
    "devices/README.md": DEVICES,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A name that npm accepts. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" || name === "secop-lab" || name === "node-modules" ? "experiment" : name;
}

/** A version of the registry or, if this copy of secop-lab is a clone, its folder. */
function dependencyOn(folder: string): string {
  const isInstalled = basename(dirname(packageRoot)) === "node_modules";
  return isInstalled ? `^${version}` : `file:${relative(folder, packageRoot).replaceAll("\\", "/")}`;
}

const SCRIPT = `import { createRunEngine, scan, SimDetector, SimMotor } from "secop-lab";

// Soft devices need no hardware. With a SEC node: initDevices({ cryo: new SecopNodeDevice("HOST:10767") }).
const motor = new SimMotor("motor", { velocity: 20 });
const detector = new SimDetector("detector", { motor, center: 2, sigma: 1 });

const RE = createRunEngine();
const run = await RE(scan([detector], motor, -5, 5, 21));
console.log(run.table().length, "points in runs/");
`;

const DEVICES = `# Class files

\`%connect HOST:10767 as cryo\` and \`secop-lab generate\` write a class file for each SEC node here. Keep them in git: they
are the types of your instrument, and show what has changed in it.
`;

function notebook(): object {
  const markdown = (source: string) => ({ cell_type: "markdown", metadata: {}, source });
  const code = (source: string) => ({ cell_type: "code", execution_count: null, metadata: {}, outputs: [], source });
  const cells = [
    markdown(
      "# First scan\n\nSoft devices, so that it runs anywhere. Run the cells from top to bottom; ■ pauses a scan, and `RE.resume()` goes on.",
    ),
    code(
      `const motor = new SimMotor("motor", { velocity: 20 });\nconst detector = new SimDetector("detector", { motor, center: 2, sigma: 1 });`,
    ),
    code("const RE = createRunEngine();\nconst run = await RE(scan([detector], motor, -5, 5, 21));"),
    code("run.table()"),
    markdown(
      "## Your SEC node\n\n`%discover` lists the nodes in this network. Then, in a cell of its own:\n\n```\n%connect HOST:10767 as cryo\n```\n\nThis writes `devices/cryo.ts`, connects, and declares `cryo`, fully typed. Write `cryo` as the last line of a cell to see it.",
    ),
  ];
  return {
    cells: cells.map((cell, index) => ({ id: `cell-${index + 1}`, ...cell })),
    metadata: {
      kernelspec: { display_name: "TypeScript (secop-lab)", language: "typescript", name: "secop-lab" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
