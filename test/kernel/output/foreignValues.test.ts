/** Tests of values of other libraries that show themselves as the result of a cell, in a kernel. */

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { repository } from "../../peers/peers";
import { KernelClient } from "../../support/kernelClient";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("values of other libraries", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    symlinkSync(join(repository, "node_modules"), join(kernel.folder, "node_modules"));
    await kernel.run(
      `import { parseHTML } from "linkedom"; import { JSDOM } from "jsdom"; import * as Plot from "@observablehq/plot";
       import { tableFromArrays } from "apache-arrow";
       const light = parseHTML("<html><body></body></html>").document as any;
       const js = new JSDOM("").window.document as any;
       const marks = [Plot.dot([[0, 1], [1, 3]])];
       const PNG = Buffer.from("${PNG}", "base64");`,
    );
  });

  after(() => kernel.close());

  const result = async (code: string) => {
    const { result, error } = await kernel.run(code);
    expect(error).to.equal(undefined, code);
    return result;
  };

  it("shows plots of Observable Plot, with jsdom and with linkedom", async () => {
    for (const document of ["light", "js"]) {
      const plot = await result(`Plot.plot({ document: ${document}, marks } as any)`);
      expect(plot["text/plain"], document).to.equal("<svg>");
      expect(plot["text/html"], document).to.match(/^<svg [^>]*class="plot-/);
      expect(plot["text/html"], "in a dark theme").to.contain("--plot-background:var(--jp-layout-color0,");
      expect(plot["image/svg+xml"], document).to.match(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(plot["image/svg+xml"].match(/<circle /g), document).to.have.length(2);
      const figure = await result(`Plot.plot({ document: ${document}, title: "Heat & <cold>", marks } as any)`);
      expect(figure["text/plain"], document).to.equal("<figure>");
      expect(figure["text/html"], document).to.match(/^<figure .*Heat &amp; &lt;cold&gt;/s);
      expect(figure).not.to.have.property("image/svg+xml");
    }
  });

  it("shows elements and fragments as HTML, and SVG files with the namespaces they need", async () => {
    const element = await result("const b = js.createElement('p'); b.textContent = 'a < b'; b");
    expect(element).to.deep.equal({ "text/plain": "<p> a < b", "text/html": "<p>a &lt; b</p>" });
    const fragment = await result("const f = js.createDocumentFragment(); f.append(b, 'x < y'); f");
    expect(fragment["text/html"]).to.equal("<p>a &lt; b</p>x &lt; y");
    const svg = await result(
      `const d = js.createElement("div"); d.innerHTML = '<svg width="9"><use xlink:href="#a"></use></svg>'; d.firstChild`,
    );
    expect(svg["image/svg+xml"])
      .to.match(/xmlns="http:\/\/www.w3.org\/2000\/svg"/)
      .and.to.contain("http://www.w3.org/1999/xlink");
  });

  it("shows the bytes of pictures, and canvases by toDataURL or toBuffer", async () => {
    expect((await result("PNG"))["image/png"]).to.equal(PNG);
    expect((await result("new Uint8Array(PNG)"))["image/png"]).to.equal(PNG);
    expect((await result("Buffer.from('ffd8ffe0', 'hex')"))["image/jpeg"]).to.equal("/9j/4A==");
    expect(await result("Buffer.from('hello')")).to.deep.equal({ "text/plain": "<Buffer 68 65 6c 6c 6f>" });
    const url = await result(`({ width: 3, height: 2, toDataURL: () => "data:image/png;base64,${PNG}" })`);
    expect(url).to.deep.equal({ "text/plain": "a picture, 3 × 2", "image/png": PNG });
    expect((await result("({ toBuffer: () => PNG })"))["image/png"]).to.equal(PNG);
    expect((await result("({ toBuffer: async () => PNG })"))["image/png"]).to.equal(PNG);
    const none = await result("({ a: 1, toBuffer() { throw new Error('no') } })");
    expect(Object.keys(none)).to.deep.equal(["text/plain"]);
    expect(Object.keys(await result("js.createElement('canvas')"))).to.deep.equal(["text/plain", "text/html"]);
  });

  it("shows tables of arrow and of arquero's kind, with units of types and at most 30 rows", async () => {
    const arrow = await result(
      "tableFromArrays({ T: Float64Array.from({ length: 100 }, (_, i) => i / 3), n: Int32Array.from({ length: 100 }, (_, i) => i) })",
    );
    const lines = arrow["text/plain"].split("\n");
    expect(lines.slice(0, 5)).to.deep.equal([
      "      T      n",
      "Float64  Int32",
      "-------  -----",
      "      0      0",
      "0.33333      1",
    ]);
    expect(lines.at(-1)).to.equal("100 rows × 2 columns; the first 30 rows are shown");
    expect(arrow["text/html"].match(/<tr>/g)).to.have.length(31);
    const arquero = await result(
      `const data: any = { x: [1, 2], name: ["<b>", null] };
       ({ columnNames: () => Object.keys(data), numRows: () => 2, get: (name: string, row: number) => data[name][row] })`,
    );
    expect(arquero["text/plain"]).to.equal("x  name\n-  ----\n1  <b>\n2\n2 rows × 2 columns");
    expect(arquero["text/html"]).to.contain("&lt;b&gt;").and.not.to.contain("<b>");
  });

  it("shows arrays of records as a table too, but not other arrays", async () => {
    const records = await result("[{ x: 1, when: new Date(0) }, { x: 2, when: new Date(1000) }]");
    expect(records["text/plain"]).to.match(/^\[\s+\{ x: 1, when: 1970-01-01T00:00:00.000Z \}/);
    expect(records["text/html"]).to.contain("1970-01-01T00:00:01.000Z").and.to.contain("2 rows × 2 columns");
    for (const code of [
      "[1, 2]",
      "[]",
      "[{}]",
      "[{ a: 1 }, 2]",
      "[{ a: 1 }, { b: 2 }, { c: 3 }]",
      "[new Map()]",
      "[[1]]",
    ]) {
      expect(Object.keys(await result(code)), code).to.deep.equal(["text/plain"]);
    }
  });

  it("shows objects with HTML of their own, beside a text of at most 20 lines", async () => {
    const frame = await result(
      `const inspect = Symbol.for("nodejs.util.inspect.custom");
       const long = () => Array.from({ length: 111 }, (_, i) => "line " + i).join("\\n");
       ({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<table></table>" }), [inspect]: long })`,
    );
    expect(frame["text/html"]).to.equal("<table></table>");
    expect(frame["text/plain"].split("\n")).to.have.length(21);
    expect(frame["text/plain"])
      .to.match(/^line 0\n/)
      .and.to.match(/\n… 91 more lines$/);
    expect(await result("({ toHTML: () => '<i>x</i>', [inspect]: () => 'own text' })")).to.deep.equal({
      "text/plain": "own text",
      "text/html": "<i>x</i>",
    });
    expect(Object.keys(await result("({ toHTML: () => 'no markup' })"))).to.deep.equal(["text/plain"]);
    expect((await result("({ [inspect]: () => 'x\\n'.repeat(5000) })"))["text/plain"].split("\n")).to.have.length(1001);
  });

  it("shows values whose inspect, getters or traps throw, and does not ask proxies for members", async () => {
    const own = await result("({ [inspect]() { throw new Error('bad') }, a: 1 })");
    expect(own["text/plain"])
      .to.match(/a: 1/)
      .and.to.match(/\(showing it failed: bad\)$/);
    expect(await result("new Proxy({ a: 1 }, { get() { throw new Error('no') } })")).to.deep.equal({
      "text/plain": "{ a: 1 }",
    });
    expect((await result("const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); proxy"))["text/plain"]).to.equal(
      "<Revoked Proxy>",
    );
    expect((await result("({ get toDataURL() { throw new Error('no') }, a: 1 })"))["text/plain"]).to.match(/a: 1/);
    const asked = await kernel.run(
      "const called: string[] = []; new Proxy({}, { get: (_, key) => (key === 'toDataURL' ? called.push('x') : undefined) })",
    );
    expect(asked.reply.status).to.equal("ok");
    expect((await result("called.length"))["text/plain"]).to.equal("0");
  });
});
