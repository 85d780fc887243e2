/** Runs the code of pages as cells of one real kernel, against a simulated node. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Output } from "../../kernel/notebookFile";
import { CellOutputs } from "../../kernel/run/cellOutputs";
import type * as headless from "../../kernel/run/headlessKernel";
import { startSimNode } from "../../lib/sim/startSimNode";
import { repository } from "../peers/peers";
import { freePort } from "../support/freePort";
import type { CodeBlock, CodeRow, DocsPage } from "./page";

/** The compiled class, which starts the compiled program. */
const { HeadlessKernel } = require(join(repository, "dist/kernel/run/headlessKernel.js")) as typeof headless;

/** Addresses that the pages name, and the free ports that stand for them while the tests run. */
const PORTS = ["10767", "10771", "10772", "10773", "10774"];

/** What came of a block: its output as text, and whether it went as the page says. */
export interface BlockResult {
  readonly block: CodeBlock;
  readonly output: string;
  readonly png: Buffer | undefined;
  /** Undefined if the block went as it should. */
  readonly problem: string | undefined;
}

/** A kernel and a simulated node for a group of pages. */
export class PageRunner implements AsyncDisposable {
  readonly #kernel: headless.HeadlessKernel;
  readonly #folder: string;
  readonly #ports: ReadonlyMap<string, string>;
  readonly #close: () => Promise<void>;
  /** The names that the last page declared. */
  readonly #known = new Set<string>();

  private constructor(
    kernel: headless.HeadlessKernel,
    folder: string,
    ports: ReadonlyMap<string, string>,
    close: () => Promise<void>,
  ) {
    this.#kernel = kernel;
    this.#folder = folder;
    this.#ports = ports;
    this.#close = close;
  }

  static async start(): Promise<PageRunner> {
    const folder = mkdtempSync(join(tmpdir(), "secop-lab-docs-"));
    const node = await startSimNode({ speed: 500 });
    const ports = new Map<string, string>([["10767", new URL(`tcp://${node.uri.replace(/^tcp:\/\//, "")}`).port]]);
    for (const port of PORTS.slice(1)) ports.set(port, String(await freePort()));
    const kernel = await HeadlessKernel.start(folder, { ...process.env, TZ: "UTC" });
    return new PageRunner(kernel, folder, ports, async () => {
      await kernel.close();
      await node.close();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** Runs all blocks of a page in their order, as a reader does in a fresh notebook. */
  async run(page: DocsPage): Promise<BlockResult[]> {
    await this.#forget();
    const results: BlockResult[] = [];
    for (const block of page.blocks) results.push(await this.#runBlock(block));
    return results;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  /**
   * Type-checks code with the names of the page so far, without running it. Returns the problem, if there is
   * one.
   */
  async check(code: string): Promise<string | undefined> {
    const { output, failed } = await this.#execute(uncalled(code));
    return failed ? output : undefined;
  }

  /** Type-checks the code of all rows. Returns one problem for each row that does not compile. */
  async checkRows(rows: readonly CodeRow[]): Promise<string[]> {
    const together = rows.map(({ code }, index) => `async function* row${index}() {\n${code}\n}`).join("\n");
    const problem = rows.length === 0 ? undefined : await this.check(together);
    if (problem === undefined) return [];
    if (process.env.VERBOSE) console.log(problem.slice(0, 500));
    const problems: string[] = [];
    for (const { code, line } of rows) {
      const problem = await this.check(`async function* row() {\n${code}\n}`);
      if (problem !== undefined) problems.push(`${line}: ${problem}`);
    }
    return problems;
  }

  async #runBlock(block: CodeBlock): Promise<BlockResult> {
    const { code, mode, file } = block;
    if (file) {
      const path = join(this.#folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, this.#here(code));
      const problem = file.endsWith(".ts") ? await this.check(importing(file)) : undefined;
      return { block, output: "", png: undefined, problem };
    }
    if (mode === "no-run") return { block, output: "", png: undefined, problem: await this.check(code) };
    const { output, png, failed } = await this.#execute(code);
    if (!failed) for (const name of declaredNames(code)) this.#known.add(name);
    const expected = mode === "fails";
    const problem = failed === expected ? undefined : expected ? "it should fail, but succeeded" : output;
    return { block, output, png, problem };
  }

  /** A page must not use what an earlier page declared or wrote: its devices, variables and files go. */
  async #forget(): Promise<void> {
    for (const name of readdirSync(this.#folder)) {
      if (name !== ".secop-lab") rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
    if (this.#known.size === 0) return;
    const names = [...this.#known].join(", ");
    await this.#execute(`for (const one of [${names}] as any[]) await (one?.dispose ?? one?.close)?.call(one);`);
    await this.#execute("%reset *");
    this.#known.clear();
  }

  async #execute(code: string): Promise<{ output: string; png: Buffer | undefined; failed: boolean }> {
    const outputs: Output[] = [];
    const collected = new CellOutputs();
    const reply = await this.#kernel.execute(this.#here(code), (type, content) =>
      collected.publish(outputs, type, content),
    );
    const picture = outputs
      .map(({ data }) => (data as Record<string, string> | undefined)?.["image/png"])
      .find(Boolean);
    return {
      output: this.#there(outputs.map(textOf).join("\n"))
        .replace(/\n{3,}/g, "\n\n")
        .trim(),
      png: picture ? Buffer.from(picture, "base64") : undefined,
      failed: reply.status !== "ok" || outputs.some(({ output_type }) => output_type === "error"),
    };
  }

  /** The code with the ports of this run. */
  #here(code: string): string {
    return PORTS.reduce((text, port) => text.replaceAll(port, this.#ports.get(port) ?? port), code);
  }

  /** The output with the ports and folders of the page. */
  #there(output: string): string {
    const text = PORTS.reduce((all, port) => all.replaceAll(this.#ports.get(port) ?? port, port), output);
    return text
      .replaceAll("127.0.0.1", "localhost")
      .replaceAll(this.#folder, "~/experiment")
      .replace(/\bIn\[\d+\]/g, "In[1]");
  }
}

function textOf(output: Output): string {
  if (output.output_type === "stream") return String(output.text).trimEnd();
  if (output.output_type === "error") return (output.traceback as readonly string[]).join("\n");
  return (output.data as Record<string, string> | undefined)?.["text/plain"] ?? "";
}

/** Code that has a file of the workspace checked. */
function importing(file: string): string {
  return `import type * as page from "./${file.replace(/\.ts$/, "")}";`;
}

/** The code in a function that nobody calls; imports stay outside. */
function uncalled(code: string): string {
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  const imports = source.statements.filter(ts.isImportDeclaration);
  let body = code;
  for (const { pos, end } of imports)
    body = body.slice(0, pos) + body.slice(pos, end).replace(/[^\n]/g, " ") + body.slice(end);
  return `${imports.map((one) => one.getText(source)).join(" ")} void (async () => {\n${body}\n});`;
}

/** The names that a cell declares for later cells. */
function declaredNames(code: string): string[] {
  const magic = [...code.matchAll(/^%connect .*\bas (\w+)|^(\w+) = \S+:\d+/gm)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const source = ts.createSourceFile("cell.ts", code.replace(/^%.*$/gm, ""), ts.ScriptTarget.Latest);
  const names = source.statements.flatMap((statement): ts.BindingName[] => {
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name);
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      return statement.name ? [statement.name] : [];
    return [];
  });
  return [...magic, ...names.flatMap(identifiers)];
}

function identifiers(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : identifiers(element.name)));
}
