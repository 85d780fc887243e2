/** The Markdown pages of the repository name only pages, headings, files and folders that exist. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import { lexer, type Token, type Tokens, walkTokens } from "marked";

const root = resolve(__dirname, "../..");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const pages = tracked.filter((path) => path.endsWith(".md"));

/** A path below a folder of the repository, wherever it stands in the text. */
const PATH = /(?<![\w@./-])(?:lib|kernel|test|scripts|docs|notebooks|papermill)\/[\w./-]*\w/g;

/** All of them, from the outside in. */
function tokensOf(page: string): Token[] {
  const found: Token[] = [];
  void walkTokens(lexer(readFileSync(join(root, page), "utf8")), (token) => {
    found.push(token);
  });
  return found;
}

/** Targets of links and images, those of HTML among them, that are not on the web. */
function linksOf(page: string): string[] {
  const targets = tokensOf(page).flatMap((token): string[] => {
    if (token.type === "link" || token.type === "image") return [(token as Tokens.Link).href];
    if (token.type === "html")
      return [...token.raw.matchAll(/(?:src|srcset|href)="([^"]*)"/g)].map((match) => match[1] ?? "");
    return [];
  });
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** GitHub's names of the headings of a page. */
function anchorsOf(page: string): string[] {
  return tokensOf(page)
    .filter((token): token is Tokens.Heading => token.type === "heading")
    .map(({ text }) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\-_ ]/gu, "")
        .replaceAll(" ", "-"),
    );
}

function isFound(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!isInRepository(target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** Names of the folders directly in a folder. */
function foldersIn(folder: string): string[] {
  const below = tracked
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1).split("/"));
  return [...new Set(below.filter((parts) => parts.length > 1).map(([name = ""]) => name))];
}

/** The chapters of a folder from the bottom up, by .dependency-cruiser.cjs; empty if it names none. */
function chaptersInTable(folder: string): string[] {
  const table = readFileSync(join(root, ".dependency-cruiser.cjs"), "utf8");
  const [, parts = ""] = new RegExp(`^ *"?${folder}"?:\\s*"([^"]*)"`, "m").exec(table) ?? [];
  return [...parts.matchAll(/(\w+)\/(?= |$)/g)].map(([, name = ""]) => name);
}

function isInRepository(path: string): boolean {
  const folder = `${path.replace(/\/$/, "")}/`;
  return tracked.some((file) => file === path || file.startsWith(folder));
}

describe("the Markdown pages", () => {
  it("are those a reader expects", () => {
    expect(pages).to.include.members(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/design.md"]);
  });

  for (const page of pages) {
    it(`link only to what exists, in ${page}`, () => {
      expect(linksOf(page).filter((link) => !isFound(page, link))).to.deep.equal([]);
    });

    it(`name only files and folders of the repository that exist, in ${page}`, () => {
      const named = readFileSync(join(root, page), "utf8").match(PATH) ?? [];
      expect(named.filter((path) => !isInRepository(path))).to.deep.equal([]);
    });
  }

  it("include each page and each heading of the decisions in the index of decisions", () => {
    const index = linksOf("docs/decisions/README.md");
    const decisions = pages.filter((page) => page.startsWith("docs/decisions/") && !page.endsWith("README.md"));
    const headings = decisions.flatMap((page) => {
      const [, ...anchors] = anchorsOf(page);
      return anchors.map((anchor) => `${page.replace("docs/decisions/", "")}#${anchor}`);
    });
    expect(headings).to.have.length.greaterThan(50);
    expect(index).to.include.members(headings);
    expect(index).to.deep.equal([...new Set(index)]);
  });
});

describe("the map in CONTRIBUTING.md", () => {
  const rows = readFileSync(join(root, "CONTRIBUTING.md"), "utf8")
    .split("\n")
    .map((line) => line.split("|"));
  const folders = ["kernel", ...foldersIn("lib").map((name) => `lib/${name}`)];

  for (const folder of folders) {
    it(`names the chapters of ${folder}, in the order of the table of import rules`, () => {
      const [, , , chapters = ""] = rows.find((row) => row[1]?.trim() === `\`${folder}\``) ?? [];
      const named = [...chapters.matchAll(/`([^`]*)`/g)].map((match) => match[1]);
      expect(named).to.have.members(foldersIn(folder));
      expect(named).to.deep.equal(chaptersInTable(folder));
    });
  }
});

describe("comments and messages", () => {
  it("name only pages of docs/ that exist", () => {
    const sources = tracked.filter((path) => /\.(ts|mjs|cjs|json|py)$/.test(path));
    const named = sources.flatMap(
      (path) => readFileSync(join(root, path), "utf8").match(/\bdocs\/[\w./-]*\.md\b/g) ?? [],
    );
    expect(named.filter((page) => !pages.includes(page))).to.deep.equal([]);
  });

  it("begin with one sentence that names the file, and a blank line", () => {
    const sources = tracked.filter((path) => /^(lib|kernel)\/.*\.ts$/.test(path) && !path.endsWith("/index.ts"));
    const other = sources.filter((path) => {
      const [, header = ""] = /^(?:#!.*\n)?\/\*\*(.*?)\*\/\n\n/s.exec(readFileSync(join(root, path), "utf8")) ?? [];
      const text = header.replace(/\n \* ?/g, " ").trim();
      return text === "" || /[.!?]\s+[A-Z`]/.test(text.replaceAll("e.g. ", ""));
    });
    expect(other).to.deep.equal([]);
  });

  it("have comments within 110 columns", () => {
    const sources = tracked.filter((path) => /^(lib|kernel)\/.*\.ts$/.test(path));
    const long = sources.flatMap((path) => {
      const lines = readFileSync(join(root, path), "utf8").split("\n");
      return lines.filter((line) => /^\s*(\/\/|\/?\*\*? )(?!.*biome-ignore)/.test(line) && line.length > 110);
    });
    expect(long).to.deep.equal([]);
  });
});
