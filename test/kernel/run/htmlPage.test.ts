import { createHash } from "node:crypto";
import { expect } from "chai";
import type { Notebook, NotebookCell, Output } from "../../../kernel/notebookFile";
import { htmlPage } from "../../../kernel/run/htmlPage";

const code = (source: string, ...outputs: Output[]): NotebookCell => ({
  cell_type: "code",
  source,
  metadata: {},
  execution_count: 3,
  outputs,
});
const display = (data: Record<string, unknown>): Output => ({ output_type: "display_data", data, metadata: {} });
const page = (...cells: NotebookCell[]): Promise<string> => {
  const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  return htmlPage(notebook, "A <scan>");
};

describe("the HTML page of an executed notebook", () => {
  it("shows Markdown, coloured code with its number, and text outputs", async () => {
    const words: NotebookCell = { cell_type: "markdown", source: ["# Cooling\n", "to **5 K**"], metadata: {} };
    const text = await page(
      words,
      code("const a = `x\n${1}`; // why", { output_type: "stream", name: "stdout", text: "a < b\u001b[0m\n" }),
      code("a", display({ "text/plain": ["'x", "1'"] })),
    );
    expect(text).to.contain("<title>A &lt;scan&gt;</title>");
    expect(text).to.contain("<h1>Cooling</h1>\n<p>to <strong>5 K</strong></p>");
    expect(text).to.contain('<span>3</span><pre><i class="k">const</i> a = <i class="s">`x\n${</i>');
    expect(text).to.contain('<i class="c">// why</i>');
    expect(text).to.contain('<pre class="out">a &lt; b\n</pre>');
    expect(text).to.contain("&#39;x1&#39;");
  });

  it("shows the picture of a plot, not its specification", async () => {
    const text = await page(
      code(
        "plot",
        display({
          "application/vnd.vegalite.v5+json": { mark: "line" },
          "image/png": "iVBO\nRw==",
          "text/plain": "a plot",
        }),
      ),
    );
    expect(text).to.contain('<img alt="" src="data:image/png;base64,iVBORw==">').and.not.contain("a plot");
  });

  it("shows why a cell failed", async () => {
    const error = { output_type: "error", ename: "E", evalue: "e", traceback: ["E: <e>", "    at In[3]:1:1"] };
    expect(await page(code("fail()", error))).to.contain('<pre class="out error">E: &lt;e&gt;\n    at In[3]:1:1</pre>');
  });

  it("keeps the HTML of outputs in frames that run no scripts", async () => {
    const text = await page(code("x", display({ "text/html": '<b>5</b><script>alert("1")</script>' })));
    const [, sandbox, document] = /<iframe sandbox="([^"]*)" srcdoc="([^"]*)">/.exec(text) ?? [];
    expect(sandbox).to.not.contain("scripts");
    expect(document).to.contain("&lt;b&gt;5&lt;/b&gt;&lt;script&gt;");
  });

  it("allows only its own script, whatever Markdown contains", async () => {
    const words: NotebookCell = { cell_type: "markdown", source: "<img src=x onerror=alert(1)>", metadata: {} };
    const text = await page(words);
    const script = /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    expect(/Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1])
      .to.match(/default-src 'none'/)
      .and.contain(`script-src 'sha256-${hash}'`);
  });

  it("refers to no other file or address", async () => {
    expect(await page(code("x", display({ "text/html": "<b>5</b>" })))).to.not.match(/(src|href)="?https?:/);
  });
});
