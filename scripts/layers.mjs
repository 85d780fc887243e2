// Writes the layer rules of DESIGN.md §2 into biome.json: which folder may import which.
// One table here is easier to read and to keep true than the thirteen overrides it becomes.
import { readFileSync, writeFileSync } from "node:fs";

const folders = [
  "secop",
  "core",
  "devices",
  "engine",
  "plans",
  "live",
  "store",
  "codegen",
  "display",
  "sim",
  "epics",
  "tango",
];
const may = {
  display: [],
  secop: [],
  core: [],
  codegen: ["secop"],
  devices: ["secop", "core", "codegen"],
  engine: ["core"],
  plans: ["core", "engine"],
  live: ["engine/documents"],
  store: ["engine/documents", "engine/runRecord", "engine/runTable"],
  sim: ["secop", "core"],
  epics: ["core"],
  tango: ["core"],
};
const everyone = ["display"];

const restrict = (includes, group, message) => ({
  includes,
  linter: {
    rules: { style: { noRestrictedImports: { level: "error", options: { patterns: [{ group, message }] } } } },
  },
});

const overrides = Object.entries(may).map(([folder, allowed]) => {
  const open = [folder, ...allowed, ...(folder === "display" ? [] : everyone)];
  const closed = folders.filter((f) => !open.includes(f)).flatMap((f) => [`../${f}/**`, `../../${f}/**`]);
  for (const part of allowed.filter((f) => f.includes("/"))) closed.push(`!../${part}`, `!../${part}.js`);
  closed.push("../index*", "../notebook*", "**/kernel/**", "tslab", "tslab/**");
  return restrict(
    [`lib/${folder}/**`],
    closed,
    `lib/${folder} may import only: ${[...allowed, ...everyone].join(", ")}, errors, log (DESIGN.md §2)`,
  );
});
overrides.push(
  restrict(
    ["lib/notebook.ts"],
    folders.filter((f) => !["engine", "live", "store", "display"].includes(f)).map((f) => `./${f}/**`),
    "lib/notebook.ts may import only: engine, live, store (DESIGN.md §2)",
  ),
  restrict(
    ["lib/errors.ts", "lib/log.ts"],
    ["./*/**", "./index*", "./notebook*"],
    "errors and log are the lowest floor (DESIGN.md §2)",
  ),
  restrict(
    ["kernel/**", "!kernel/tslabAdapter.ts"],
    ["../lib/*/**", "../../lib/*/**", "!../lib/display/**", "!../../lib/display/**", "tslab", "tslab/**"],
    "kernel may import only lib/index, display, errors, log, and tslab only through kernel/tslabAdapter.ts (DESIGN.md §2)",
  ),
);

const path = new URL("../biome.json", import.meta.url);
const config = JSON.parse(readFileSync(path, "utf8"));
const isLayer = (o) => o.linter?.rules?.style?.noRestrictedImports;
config.overrides = [...config.overrides.filter((o) => !isLayer(o)), ...overrides];
writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`);
