/** The contents of the site, in the order of reading. A page that is missing here fails test/docs. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Pages by folder, without `.md`. */
export const CONTENTS = {
  Tutorials: ["tutorials/first-scan", "tutorials/your-own-node", "tutorials/your-own-plan", "tutorials/catalysis", "tutorials/from-notebook-to-cron"],
};

/** VitePress's sidebar: the first heading of each page is its text. */
export function sidebar(docs) {
  return Object.entries(CONTENTS).map(([text, pages]) => ({
    text,
    collapsed: false,
    items: pages
      .filter((page) => existsSync(join(docs, `${page}.md`)))
      .map((page) => ({ text: titleOf(join(docs, `${page}.md`)), link: `/${page}` })),
  }));
}

function titleOf(path) {
  return /^# (.*)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? path;
}
