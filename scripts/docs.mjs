/**
 * `npm run docs`: makes the documentation site in dist-docs/, a folder of static pages that a browser opens
 * without a server. `npm run docs:dev` (--dev) serves the pages while they are written; what follows --dev goes to
 * VitePress (`npm run docs:dev -- --port 8000`). With --no-api the pages of the API are not made anew; --out DIR is
 * another folder.
 */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import MiniSearch from "minisearch";
import { writeApiPages } from "./docsApi.mjs";
import { run } from "./python.mjs";

const docs = resolve("docs");
const out = resolve(process.argv[process.argv.indexOf("--out") + 1 || Number.NaN] ?? "dist-docs");

if (!process.argv.includes("--no-api")) await writeApiPages(join(docs, "reference/api"));
const dev = process.argv.indexOf("--dev");
if (dev >= 0) {
  const args = ["node_modules/vitepress/bin/vitepress.js", "dev", "docs", ...process.argv.slice(dev + 1)];
  process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
}
rmSync(out, { recursive: true, force: true });
run(process.execPath, ["node_modules/vitepress/bin/vitepress.js", "build", "docs", "--outDir", out], {
  env: { ...process.env, SECOP_DOCS_STATIC: "1" },
  stdio: ["ignore", "ignore", "inherit"],
});

const pages = htmlFiles(out);
const sections = [];
for (const page of pages) {
  const path = relative(out, page).replaceAll("\\", "/");
  const html = readFileSync(page, "utf8");
  if (path !== "404.html") sections.push(...sectionsOf(path, html));
  writeFileSync(page, standing(html, path));
}
for (const name of readdirSync(join(out, "assets")).filter((file) => file.endsWith(".css"))) {
  const path = join(out, "assets", name);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll("url(/assets/", "url("));
}
writeFileSync(join(out, "search.js"), searchScript(sections));
writeFileSync(join(out, "site.js"), readFileSync("scripts/docsSite.js", "utf8"));
for (const name of ["hashmap.json", "package.json"]) rmSync(join(out, name), { force: true });
console.log(
  `${pages.length} pages in ${relative(process.cwd(), out)}/: open ${relative(process.cwd(), join(out, "index.html"))}`,
);

function htmlFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return htmlFiles(path);
    return entry.name.endsWith(".html") ? [path] : [];
  });
}

/**
 * The page with addresses that are relative to it, and with scripts that are no modules: a browser loads neither
 * absolute addresses nor modules from a folder.
 */
function standing(html, path) {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  const folders = (target) => (target === "" || target.endsWith("/") ? `${target}index.html` : target);
  return html
    .replace(/<div class="language-txt(?=[^>]*>[\s\S]*?<code[^>]*>([\s\S]*?)<\/code>)/g, (div, code) =>
      isTable(code) ? div : `${div} sentences`,
    )
    .replace(
      / (href|src)="\/([^"#]*)(#[^"]*)?"/g,
      (_, attribute, target, anchor = "") => ` ${attribute}="${up}${folders(target)}${anchor}"`,
    )
    .replace(/<link rel="preload stylesheet" ([^>]*) as="style">/g, '<link rel="stylesheet" $1>')
    .replace(
      "</body>",
      `<script src="${up}search.js" defer></script><script src="${up}site.js" data-root="${up}" defer></script></body>`,
    );
}

/** Whether the lines of an output belong below each other. */
function isTable(code) {
  return / {2}|[─═]|---/.test(code.replace(/<[^>]*>/g, ""));
}

/** The text of a page by its headings, as the search finds it. */
function sectionsOf(path, html) {
  const main = /<main[^>]*>([\s\S]*?)<\/main>/.exec(html)?.[1] ?? "";
  const title = textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(main)?.[1] ?? path);
  const parts = main.split(/(?=<h[123] id=")/);
  return parts.flatMap((part) => {
    const [, id = "", heading = ""] = /^<h[123] id="([^"]*)"[^>]*>([\s\S]*?)<\/h[123]>/.exec(part) ?? [];
    const text = textOf(part.replace(/^<h[123][\s\S]*?<\/h[123]>/, ""));
    if (heading === "" && text === "") return [];
    return [
      {
        id: `${path}#${id}`,
        page: title,
        heading: textOf(heading) || title,
        text: text.slice(0, path.includes("/api/") ? 300 : 4000),
      },
    ];
  });
}

function textOf(html) {
  return html
    .replace(
      /<span class="lang">[^<]*<\/span>|<a class="header-anchor"[\s\S]*?<\/a>|<button[\s\S]*?<\/button>|<style[\s\S]*?<\/style>/g,
      "",
    )
    .replace(/<[^>]*>/g, " ")
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\u200b/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** MiniSearch and its index, as one classic script. */
function searchScript(documents) {
  const index = new MiniSearch({ fields: ["heading", "page", "text"], storeFields: ["heading", "page", "text"] });
  index.addAll(documents);
  const library = readFileSync("node_modules/minisearch/dist/umd/index.js", "utf8").replace(
    /\/\/# sourceMappingURL.*/,
    "",
  );
  const data = JSON.stringify(JSON.stringify(index)).replaceAll("<", "\\u003c");
  return `${library}\nwindow.docsSearch = { fields: ["heading", "page", "text"], storeFields: ["heading", "page", "text"], index: ${data} };\n`;
}
