/** The documentation site: pages in four parts, built without client code so that it opens from a folder. */

import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { sidebar } from "./sidebar.mjs";

const docs = dirname(dirname(fileURLToPath(import.meta.url)));

export default defineConfig({
  title: "secop-lab",
  description: "SECoP devices, bluesky-style scans and live plots in TypeScript notebooks",
  lang: "en",
  srcExclude: ["api/**"],
  // Static pages without Vue: a browser runs no ES modules from a folder (file://). See docs/decisions/packaging.md.
  mpa: process.env.SECOP_DOCS_STATIC === "1",
  appearance: true,
  lastUpdated: false,
  themeConfig: {
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Tutorials", link: "/tutorials/first-scan" },
      { text: "How-to", link: "/how-to/" },
      { text: "Explanation", link: "/explanation/engine-states" },
      { text: "Reference", link: "/reference/" },
      { text: "From Python", link: "/from-python" },
    ],
    sidebar: sidebar(docs),
    docFooter: { prev: "Previous", next: "Next" },
  },
  markdown: {
    config: (md) => {
      // Pages also link to files of the repository, which are not part of the site: their text stays without the link.
      md.core.ruler.push("links_outside", (state) => {
        for (const token of state.tokens) {
          // The words after the language are for the tests that run the code; VitePress would take them for its own.
          if (token.type === "fence") token.info = token.info.split(/\s+/, 1)[0] ?? "";
          for (const child of token.children ?? []) {
            if (child.type !== "link_open") continue;
            const href = child.attrGet("href") ?? "";
            if (/^[a-z]+:|^#/.test(href)) continue;
            const path = decodeURI(href.split("#", 1)[0] ?? "");
            const target = resolve(docs, dirname(state.env.relativePath ?? ""), path);
            const inside = !relative(docs, target).startsWith("..") && !relative(docs, target).startsWith("api");
            if (inside || !existsSync(join(target))) continue;
            const at = token.children?.indexOf(child) ?? 0;
            child.type = "html_inline";
            child.content = "<span>";
            for (const close of token.children?.slice(at) ?? []) {
              if (close.type !== "link_close") continue;
              close.type = "html_inline";
              close.content = "</span>";
              break;
            }
          }
        }
      });
    },
  },
});
