/**
 * The site of docs/: it is built without dead links, opens from a folder, and its search finds what readers
 * look for.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Browser, chromium } from "playwright-core";
import { repository, runProgram } from "../peers/peers";
import { freePort } from "../support/freePort";

describe("the documentation site", function () {
  this.timeout(120_000);
  let site: string;
  let browser: Browser;

  before(async () => {
    site = mkdtempSync(join(tmpdir(), "secop-lab-site "));
    // VitePress fails for links to pages that do not exist.
    const args = ["scripts/docs.mjs", "--no-api", "--out", site];
    const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: repository, timeout: 100 });
    expect(code, stdout + stderr).to.equal(0);
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });

  after(async () => {
    await browser?.close();
    rmSync(site, { recursive: true, force: true });
  });

  async function open(page: string, options: object = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const tab = await context.newPage();
    const problems: string[] = [];
    tab.on("pageerror", (error) => problems.push(error.message));
    tab.on("requestfailed", (request) => problems.push(request.url()));
    await tab.goto(pathToFileURL(join(site, page)).href);
    return { tab, problems, close: () => context.close() };
  }

  it("opens from a folder without a server, and its links lead to pages", async () => {
    const { tab, problems, close } = await open("index.html");
    await tab.click("text=Your first scan >> nth=0");
    await tab.waitForSelector("h1:has-text('Your first scan')");
    const links = await tab.$$eval("a[href]", (all) => all.map((link) => (link as unknown as { href: string }).href));
    const local = links.filter((href) => href.startsWith("file:")).map((href) => new URL(href.replace(/#.*/, "")));
    expect(local.length).to.be.greaterThan(40);
    expect(local.filter((url) => !existsSync(url))).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
    await close();
  });

  it("finds what readers look for, and leads there", async () => {
    const { tab, close } = await open("reference/index.html");
    for (const [word = "", heading] of [
      ["pause", "Pause, resume, stop"],
      ["ramp", "Measure during a ramp"],
      ["CSV", "Export to CSV"],
      ["Excel", "Export to CSV"],
      ["limits", "Set a limit"],
      ["write a plan", "Write a plan"],
      ["EPICS_CA_ADDR_LIST", "EPICS, Tango and SECoP"],
      ["caget", "EPICS, Tango and SECoP"],
      ["install", "Install, update, remove"],
      ["command", "Call a command"],
      ["stable", "Wait until a temperature is stable"],
      ["ask user", "Wait until a temperature is stable"],
      ["dark image", "Images, and measuring"],
      ["mesh", "Scan two motors"],
      ["camera", "Images, and measuring"],
      ["nested runs", "Several runs"],
      ["plot", "Choose what is plotted"],
      ["log scale", "Choose what is plotted"],
      ["where is my data", "Keep runs"],
      ["crash", "Keep runs"],
      ["databroker", "Find old runs"],
      ["subtract", "Compare runs"],
      ["center of mass", "Fit, and find peaks"],
      ["zero motor", "Call the present position zero"],
      ["undo", "Save and restore settings"],
      ["notify", "Do something with each document"],
      ["glossary", "Words"],
      ["ascan", "From SPEC"],
      ["bluesky", "From Python"],
    ]) {
      // The scripts of a page have run when it is loaded.
      await tab.waitForLoadState("load");
      await tab.keyboard.press("/");
      await tab.keyboard.type(word);
      await tab.waitForSelector(".docs-search[open] li a");
      expect(await tab.textContent(".docs-search li a b"), word).to.contain(heading);
      await tab.keyboard.press("Enter");
      await tab.waitForSelector(`h1:has-text("${heading}")`);
    }
    await close();
  });

  it("is dark where the system is, and switches", async () => {
    const { tab, close } = await open("from-python.html", { colorScheme: "dark" });
    const isDark = () => tab.evaluate("document.documentElement.classList.contains('dark')");
    expect(await isDark()).to.equal(true);
    await tab.click(".VPNavBarAppearance button");
    expect(await isDark()).to.equal(false);
    await close();
  });

  it("fits on a phone, and its menu opens", async () => {
    const { tab, close } = await open("tutorials/first-scan.html", { viewport: { width: 390, height: 800 } });
    expect(await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")).to.equal(true);
    await tab.click(".VPLocalNav .menu");
    await tab.click(".VPSidebar >> text=Your own plan");
    await tab.waitForSelector("h1:has-text('Your own plan')");
    await close();
  });

  it("is served while its pages are written", async () => {
    const port = String(await freePort());
    const server = spawn(process.execPath, ["scripts/docs.mjs", "--no-api", "--dev", "--port", port], {
      cwd: repository,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        server.stdout.on("data", (text) => String(text).includes(port) && resolve());
        server.once("exit", (code) => reject(new Error(`docs.mjs --dev ended with code ${code}`)));
      });
      const tab = await browser.newPage();
      await tab.goto(`http://localhost:${port}/how-to/ramp`);
      await tab.waitForSelector("h1:has-text('Measure during a ramp')");
      await tab.close();
    } finally {
      // VitePress is a child of the script: the whole group ends.
      process.kill(-(server.pid as number), "SIGKILL");
      await once(server, "exit");
    }
  });

  it("has each page in its contents", async () => {
    const { CONTENTS } = (await import(pathToFileURL(join(repository, "docs/.vitepress/sidebar.mjs")).href)) as {
      CONTENTS: Record<string, string[]>;
    };
    const named = Object.values(CONTENTS).flat();
    const pages = readdirSync(join(repository, "docs"), { recursive: true })
      .map((path) => String(path).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".md"))
      .map((path) => path.replace(/\.md$/, ""))
      .filter((path) => !/^(api|reference\/api|\.vitepress)\//.test(path) && path !== "index");
    expect(named).to.have.members(pages);
  });
});
