const { readdirSync } = require("node:fs");

/**
 * Who may import whom: the one table of the house, checked by `npm run lint`, type imports included. An import goes down, never
 * up, never in a circle. In `CHAPTERS` the parts of a folder stand from the bottom up, and a part may use those before it: a
 * subfolder (`wire/`), files by name, or all other files of the folder (`*`). `FOLDERS` names what a folder of lib/ may use beside
 * the ground floor; a folder that is not named uses nothing else.
 */
const GROUND =
  "(clock|randomSource|journal|clearError|errors|printable|publicAddress|disk|nearest|json|boundedQueue|log|options|generatedRegion|isAlive|exactNumber|isolatedObservable|messageSocket|messageSplitter|numbersIn|timeLimit|withSignals) display/";
const CHAPTERS = {
  lib: `${GROUND} [a-z]+/ notebook *`,
  "lib/secop": "values/ description/ wire/ link/ cache/ *",
  "lib/core": "protocols/ status/ device/ signal/ standard/ *",
  "lib/devices": "module/ moving/ classes/ node/ *",
  "lib/engine": "(planErrors|commandSteps|engineSettings) suspend/ documents/ result/ loop/ *",
  "lib/plans": "(plan|uniqueGroup|ancestry|rampFail) arguments/ patterns/ stubs/ preprocessors/ scans/ simulate/ *",
  "lib/live": "view/ progress/ table/ peaks/ plot/ fit/ *",
  "lib/store": "files/ reading/ export/ runs/ search/ tiled/ publish/ *",
  "lib/sim": "devices/ physics/ node/ modules/ twin/ server/ *",
  "lib/epics": "(epicsError|epicsText) server/ search/ ca/ pva/ values/ link/ db/ signal/ areaDetector/ *",
  "lib/tango": "giop/ tangoError values/ link/ *",
  "lib/rerun": "format/ record/ twin/ replay/ follow/ verify/ lock/ *",
  kernel:
    "(tslabAdapter|installation|notebookFile) protocol/ stop/ output/ modules/ compiler/ magics/ cells/ front/ run/ watch/ bundle/ cli/ *",
};
const FOLDERS = {
  codegen: "secop/",
  devices: "secop/ core/ codegen/",
  engine: "core/",
  plans: "core/ engine/",
  testing: "core/ engine/documents/",
  live: "core/protocols/ engine/documents/ engine/result/",
  store: "engine/documents/ engine/result/ live/peaks/ live/view/ core/protocols/",
  sim: "secop/ core/ codegen/ rerun/format/",
  rerun: "secop/ core/ codegen/ sim/ store/ engine/documents/",
  epics: "core/ codegen/",
  tango: "core/ codegen/",
};

const pathOf = (folder, part) => `^${folder}/${part.replace(/^\*$/, "[^/]+").replace(/[^/]$/, "$&\\.ts$")}`;
const pathsOf = (folder, parts) => parts.split(" ").map((part) => pathOf(folder, part));
const rule = (name, from, to) => ({ name, severity: "error", from, to });

const chapterRules = Object.entries(CHAPTERS).flatMap(([folder, parts]) => {
  const paths = pathsOf(folder, parts);
  return paths.slice(0, -1).map((path, i) => {
    const from = i > 0 ? { path, pathNot: paths.slice(0, i) } : { path };
    return rule(`${path} uses nothing above it`, from, { path: paths.slice(i + 1), pathNot: paths.slice(0, i + 1) });
  });
});
const folderRules = readdirSync(`${__dirname}/lib`).map((folder) => {
  const uses = `${folder}/ ${GROUND} ${FOLDERS[folder] ?? ""}`.trim();
  const to = { path: "^(lib|kernel)/", pathNot: pathsOf("lib", uses) };
  return rule(`lib/${folder} uses only ${uses}`, { path: `^lib/${folder}/` }, to);
});
const indexOfLib = { path: "^lib/", pathNot: pathsOf("lib", `${GROUND} index`) };
const jupyter = { path: "^kernel/|^node_modules/(@tslab|tslab|typescript|typescript7|zeromq)/" };

module.exports = {
  forbidden: [
    rule("no circles", {}, { circular: true }),
    ...chapterRules,
    ...folderRules,
    rule("kernel uses lib/index and the ground floor", { path: "^kernel/" }, indexOfLib),
    // Tango servers publish events over ZeroMQ, as Jupyter does; the file loads it when it is needed.
    rule("lib runs without Jupyter", { path: "^lib/", pathNot: "^lib/tango/link/eventSocket" }, jupyter),
    rule("tslab only in its adapter", { pathNot: "^kernel/tslabAdapter" }, { path: "^node_modules/(@tslab|tslab)/" }),
  ],
  options: { parser: "swc", tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" } },
};
