import { expect } from "chai";
import { openNotebookLanguage } from "../../kernel/compiler/index";
import {
  createExecutor,
  type ExecutorConsole,
  getCodeMetadata,
  onTslabDisplay,
  TSLAB_VERSION,
  type TslabConverter,
  tslabServerClass,
} from "../../kernel/tslabAdapter";

const silent: ExecutorConsole = { log: () => {}, error: () => {} };

/** A converter whose result is given. */
function converterOf(result: ReturnType<TslabConverter["convert"]>): TslabConverter {
  return {
    convert: () => result,
    inspect: () => undefined,
    complete: () => ({ start: 0, end: 0, candidates: ["x"] }),
    addModule: () => [],
    close: () => {},
  };
}

describe("the adapter of tslab", () => {
  it("describes the version of tslab that we pin", () => {
    const { version } = require("tslab/package.json") as { version: string };
    const { dependencies } = require("../../package.json") as { dependencies: Record<string, string> };
    expect(version).to.equal(TSLAB_VERSION);
    expect(dependencies.tslab).to.equal(TSLAB_VERSION);
  });

  it("lets our server bind the sockets and handle each message itself", () => {
    const { prototype } = tslabServerClass();
    for (const method of ["bindSocket", "handleShellMessage", "init", "close"] as const) {
      expect(prototype[method], method).to.be.a("function");
    }
    expect(String(prototype.init)).to.match(/this\.bindSocket\(this\.iopub, cinfo\.iopub_port\)/);
    expect(String(prototype.init)).to.match(/this\.handleShellMessage\(this\.shell, \.\.\.msgs\)/);
  });

  it("passes our compiled code to the executor, and receives the value of the last expression", async () => {
    const values: unknown[] = [];
    const converter = converterOf({
      output: "exports.v = await Promise.resolve(6 * 7);",
      diagnostics: [],
      lastExpressionVar: "v",
      hasToplevelAwait: true,
    });
    const executor = createExecutor(process.cwd(), converter, { ...silent, log: (value) => values.push(value) });
    expect(await executor.execute("anything")).to.equal(true);
    expect(values).to.deep.equal([42]);
    expect(executor.complete("x", 1).candidates).to.deep.equal(["x"]);
  });

  it("keeps our SIGINT listener while a cell starts", async () => {
    const seen: unknown[] = [];
    const listener = (): void => {};
    process.on("SIGINT", listener);
    (globalThis as Record<string, unknown>).listeners = () => seen.push(process.listenerCount("SIGINT"));
    const converter = converterOf({ output: "globalThis.listeners()", diagnostics: [], hasToplevelAwait: true });
    await createExecutor(process.cwd(), converter, silent).execute("anything");
    process.off("SIGINT", listener);
    expect(seen).to.deep.equal([process.listenerCount("SIGINT") + 1]);
  });

  it("receives what a cell threw unchanged, and a diagnostic as five arguments", async () => {
    const errors: unknown[][] = [];
    const output: ExecutorConsole = { ...silent, error: (...args) => errors.push(args) };
    const thrown = new Error("mine");
    (globalThis as Record<string, unknown>).thrownByTest = thrown;
    const throwing = converterOf({ output: "throw thrownByTest", diagnostics: [] });
    expect(await createExecutor(process.cwd(), throwing, output).execute("")).to.equal(false);
    const position = { offset: 0, line: 2, character: 4 };
    const wrong = { start: position, end: position, messageText: "no", category: 1, code: 1 };
    const failing = converterOf({ diagnostics: [wrong] });
    expect(await createExecutor(process.cwd(), failing, output).execute("")).to.equal(false);
    expect(errors).to.deep.equal([[thrown], ["%s%d:%d - %s", "", 3, 5, "no"]]);
  });

  it("stops waiting for a cell when it is interrupted", async () => {
    const waiting = converterOf({ output: "await new Promise(() => {})", diagnostics: [], hasToplevelAwait: true });
    const executor = createExecutor(process.cwd(), waiting, silent);
    const done = executor.execute("");
    executor.interrupt();
    expect(await done).to.equal(false);
  });

  it("receives what cells show by tslab's own API", () => {
    const shown: unknown[] = [];
    onTslabDisplay((data, update) => shown.push({ ...data, update }));
    const { display } = require("tslab") as { display: { html(text: string): void } };
    display.html("<b>1</b>");
    expect(shown).to.have.length(1);
    expect(shown[0]).to.deep.include({ data: { "text/html": "<b>1</b>" }, update: false });
  });

  it("tells tslab our TypeScript, and loads none for it", () => {
    const { versions } = require("tslab") as { versions: { typescript: string } };
    expect(versions.typescript).to.equal((require("typescript7/package.json") as { version: string }).version);
  });

  it("accepts our language service as its converter", () => {
    const language = openNotebookLanguage();
    const executor = createExecutor(process.cwd(), language, silent);
    executor.close();
  });

  it("reads the comments at the start of a cell as tslab does", () => {
    const { version } = require("tslab/package.json") as { version: string };
    expect(version).to.equal("1.0.22");
    for (const [code, metadata] of [
      ["/** @module mod */\nexport const a = 1", { module: "mod" }],
      ["/**\n * @module mod\n * @jsx\n */", { module: "mod", jsx: true }],
      ["// first\n\n/* no JSDoc @module no */ /** @browser */ 1", { mode: "browser" }],
      ["/** @node */", { mode: "node" }],
      ["/** @module no name */ 1", {}],
      ["1 /** @module late */", {}],
      ["const a = '@module'", {}],
      ["/** unended @module a", {}],
    ] as const) {
      expect(getCodeMetadata(code), code).to.deep.equal(metadata);
    }
  });
});
