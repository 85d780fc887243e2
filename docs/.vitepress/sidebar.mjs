/** The contents of the site, in the order of reading. A page that is missing here fails test/docs. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const below = (folder, ...names) => names.map((name) => `${folder}/${name}`);

/** Pages by part, without `.md`. */
export const CONTENTS = {
  Tutorials: below(
    "tutorials",
    ...["first-scan", "your-own-node", "your-own-plan", "catalysis", "from-notebook-to-cron"],
  ),
  "From elsewhere": ["from-python", "from-spec"],
  "How to: measure": below(
    "how-to",
    ...[
      "index",
      "write-a-plan",
      "map",
      "stable",
      "ramp",
      "images-and-flights",
      "several-runs",
      "monitor",
      "pause-and-stop",
    ],
    ...["limits", "suspender", "metadata"],
  ),
  "How to: devices": below(
    "how-to",
    ...[
      "commands",
      "two-nodes",
      "write-a-device",
      "write-a-detector",
      "derived-signal",
      "calibrate",
      "settings",
      "epics-tango-secop",
      "node-is-gone",
      "node-has-changed",
      "log",
    ],
  ),
  "How to: data": below(
    "how-to",
    ...["find-old-runs", "keep-and-find-runs", "fit-and-peaks", "compare-runs", "export", "view", "consumer", "watch"],
  ).concat("views"),
  "How to: where it runs": below("how-to", ...["install", "script", "vs-code", "stock-tslab", "parameters", "docker"]),
  "How to: work": below(
    "how-to",
    "test-without-hardware",
    "share-a-notebook",
    "give-away",
    "record-and-replay",
    "debug",
    "magic",
  ),
  Explanation: below(
    "explanation",
    ...["index", "engine-states", "what-is-stopped", "documents", "two-connections", "typed-devices"],
    ...["security", "performance", "scaling"],
  ),
  Reference: below(
    "reference",
    ...["index", "plans", "stubs", "preprocessors", "suspenders", "devices-and-data", "magics", "command-line"],
    ...["settings", "errors", "documents", "messages", "words", "python-names"],
  ),
  Inside: [
    ...["design", "follow-a-reading", "user-guide"],
    ...below("decisions", "README", "secop", "devices", "engine", "plans", "views", "store", "kernel"),
    ...below("decisions", "epics-tango", "rerun", "packaging"),
  ],
};

/** VitePress's sidebar: the first heading of each page is its text. The pages of the API are made by TypeDoc. */
export function sidebar(docs) {
  const api = ["lib/notebook", "lib/engine", "lib/plans/README", "lib/devices", "lib/core", "lib/live", "lib/store"];
  const rest = ["lib/sim", "lib/codegen", "lib/secop", "lib/epics", "lib/tango", "lib/display", "lib/errors"];
  const pages = [...api, ...rest, "lib/testing", "kernel"].map((name) => `reference/api/${name}`);
  const made = pages.filter((page) => existsSync(join(docs, `${page}.md`)));
  return Object.entries({ ...CONTENTS, ...(made.length > 0 && { API: made }) }).map(([text, pages]) => ({
    text,
    collapsed: text === "Inside" || text === "API",
    items: pages.map((page) => ({ text: titleOf(join(docs, `${page}.md`)), link: `/${page}` })),
  }));
}

function titleOf(path) {
  return (/^# (.*)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? path).replace(/^(?:Decisions|API): /, "");
}
