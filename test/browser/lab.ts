/** A real JupyterLab with our kernel in a real browser, for tests of what a user sees. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { JupyterHome, notebookOf } from "../peers/jupyter";
import { chromiumPath, peer, repository } from "../peers/peers";
import { freePort } from "../support/freePort";

export const screenshots = join(repository, "test-output/screenshots");

/** The elements in which JupyterLab shows an error of a cell, or what a cell wrote to stderr. */
export const ERROR_OUTPUT = ".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']";

/**
 * What the tests use of JupyterLab's application object, which `--expose-app-in-browser` puts on the window.
 */
interface LabWindow {
  jupyterapp: {
    commands: { execute(id: string, args?: unknown): Promise<unknown> };
    shell: {
      currentWidget: {
        sessionContext: { session: { kernel: { status: string } | null } | null };
        content: { widgets: LabCell[]; activeCellIndex: number };
      };
    };
  };
}
interface LabCell {
  model: { sharedModel: { source: string }; outputs?: { toJSON(): unknown[] } };
}

export class Lab {
  readonly #home: JupyterHome;
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly #base: string;
  #log = "";

  private constructor(home: JupyterHome, server: ChildProcess, browser: Browser, base: string) {
    this.#home = home;
    this.#server = server;
    this.#browser = browser;
    this.#base = base;
    server.stderr?.on("data", (text: string) => {
      this.#log += text;
    });
  }

  /** What the server and its kernels wrote to stderr. */
  get log(): string {
    return this.#log;
  }

  /** The folder that JupyterLab shows. */
  get workspace(): string {
    return this.#home.workspace;
  }

  /** Starts the server on a new workspace, with more options of its command line, and the browser. */
  static async start(more: readonly string[] = []): Promise<Lab> {
    mkdirSync(screenshots, { recursive: true });
    const home = await JupyterHome.create();
    const settings = join(home.path, "config/lab/user-settings/@jupyterlab/apputils-extension");
    mkdirSync(settings, { recursive: true });
    writeFileSync(
      join(settings, "notification.jupyterlab-settings"),
      '{ "fetchNews": "false", "checkForUpdates": false }',
    );
    const port = await freePort();
    const options = [
      "--no-browser",
      "--allow-root",
      "--expose-app-in-browser",
      "--ip=127.0.0.1",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      "--IdentityProvider.token=",
      `--ServerApp.root_dir=${home.workspace}`,
      ...more,
    ];
    const server = spawn(peer("jupyter-lab"), options, {
      cwd: home.workspace,
      env: home.env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await listening(server);
    const browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    return new Lab(home, server, browser, `http://127.0.0.1:${port}`);
  }

  /** Makes a notebook of code cells and opens it. */
  async openCells(
    name: string,
    sources: readonly string[],
    options: { readonly dark?: boolean } = {},
  ): Promise<LabNotebook> {
    const metadata = { kernelspec: { name: "secop-lab", display_name: "TypeScript (secop-lab)" } };
    writeFileSync(join(this.workspace, name), JSON.stringify({ ...notebookOf(...sources), metadata }));
    return this.open(name, options);
  }

  /** Opens a notebook of the workspace and waits until its kernel is idle. */
  async open(notebook: string, options: { readonly dark?: boolean } = {}): Promise<LabNotebook> {
    const page = await this.#browser.newPage({
      viewport: { width: 1280, height: 1600 },
      colorScheme: options.dark ? "dark" : "light",
    });
    await page.goto(`${this.#base}/lab/tree/${encodeURIComponent(notebook)}?reset`);
    await page.waitForSelector(".jp-Notebook .jp-CodeCell", { timeout: 60_000 });
    const opened = new LabNotebook(page);
    // The server keeps the theme of the last notebook.
    await opened.command("apputils:change-theme", { theme: `JupyterLab ${options.dark ? "Dark" : "Light"}` });
    await opened.command("application:set-mode", { mode: "single-document" });
    await opened.idle();
    return opened;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill("SIGTERM");
    const timer = setTimeout(() => this.#server.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
    this.#home.close();
  }
}

export class LabNotebook {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async command(id: string, args: unknown = {}): Promise<void> {
    await this.page.evaluate(
      ([command, given]) =>
        (globalThis as unknown as LabWindow).jupyterapp.commands
          .execute(command as string, given)
          .then(() => undefined),
      [id, args] as const,
    );
  }

  /** Starts a command without waiting for the cells it runs. */
  async start(id: string): Promise<void> {
    await this.page.evaluate((command) => {
      void (globalThis as unknown as LabWindow).jupyterapp.commands.execute(command);
    }, id);
  }

  /** Waits until the kernel has started and is idle. */
  async idle(timeout = 60_000): Promise<void> {
    await this.page.waitForFunction(
      () =>
        (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget?.sessionContext.session?.kernel?.status ===
        "idle",
      undefined,
      { timeout },
    );
  }

  /** Runs all cells, as "Run All Cells" of the menu does; resolves when the last one has ended. */
  async runAll(): Promise<void> {
    await this.command("notebook:run-all-cells");
    await this.idle();
  }

  /**
   * Selects a cell and runs it, without waiting for its end. `idle()` does not wait for it either: it may come
   * before the kernel has begun. Use `runToEnd` for that.
   */
  async run(index: number): Promise<void> {
    await this.select(index);
    await this.start("notebook:run-cell");
  }

  /** Selects a cell and runs it; resolves when the cell has ended and all that it wrote has come. */
  async runToEnd(index: number): Promise<void> {
    await this.select(index);
    await this.command("notebook:run-cell");
  }

  /** Empties the outputs of a cell: a test that is tried again must not see those of its first try. */
  async clearOutputs(index: number): Promise<void> {
    await this.select(index);
    await this.command("notebook:clear-cell-output");
  }

  async select(index: number): Promise<void> {
    await this.page.evaluate((i) => {
      (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.activeCellIndex = i;
    }, index);
  }

  /** Puts the cursor at the end of a cell, ready to type. */
  async edit(index: number): Promise<void> {
    await this.select(index);
    await this.command("notebook:enter-edit-mode");
    await this.page.keyboard.press("Control+End");
  }

  /** The text of a cell's outputs as a user sees it. */
  async shownText(index: number): Promise<string> {
    return this.page.locator(".jp-Cell").nth(index).locator(".jp-OutputArea").first().innerText();
  }

  /** The outputs of a cell as they would be saved. */
  async outputs(index: number): Promise<Record<string, unknown>[]> {
    return (await this.page.evaluate(
      (i) =>
        (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.widgets[
          i
        ]?.model.outputs?.toJSON() ?? [],
      index,
    )) as Record<string, unknown>[];
  }

  /** The text that a cell wrote to stdout, which may not be on the screen yet. */
  async printed(index: number): Promise<string> {
    const outputs = await this.outputs(index);
    return outputs.flatMap(({ name, text }) => (name === "stdout" ? [text].flat().join("") : [])).join("");
  }

  /** Saves a picture of the whole notebook, including cells beyond the window, in test-output/screenshots. */
  async screenshot(name: string): Promise<string> {
    const path = join(screenshots, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (/http:\/\/127\.0\.0\.1:\d+\/lab/.test(log)) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`jupyter-lab ended with exit code ${code}\n${log}`)));
  });
}
