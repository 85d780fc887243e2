import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("display in a cell", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });

  after(() => kernel.close());

  it("shows several values with update and clear, and the helpers show HTML, Markdown, pictures and data", async () => {
    const cell = await kernel.run(
      `const first = display(1); display(md("**b**")); display(svg("<svg/>")); display(json({ a: 1 }));
       display(image(Buffer.from("ffd8ff00", "hex"))); display(vegaLite({ mark: "point" })); display(html\`<b>\${"<"}</b>\`);
       await first.update(2); await first.clear(); html\`<i>x</i>\``,
    );
    expect(cell.reply.status).to.equal("ok");
    const of = (type: string) => cell.published.filter((m) => m.type === type).map(({ content }) => content);
    const shown = of("display_data");
    expect(shown.map(({ data }) => Object.entries(data).at(-1))).to.deep.equal([
      ["text/plain", "1"],
      ["text/markdown", "**b**"],
      ["image/svg+xml", "<svg/>"],
      ["application/json", { a: 1 }],
      ["image/jpeg", "/9j/AA=="],
      ["application/vnd.vegalite.v5+json", { mark: "point" }],
      ["text/html", "<b>&lt;</b>"],
    ]);
    const updates = of("update_display_data");
    expect(updates.at(-1)?.data).to.deep.equal({ "text/plain": "" });
    expect(updates.at(-1)?.transient.display_id).to.equal(shown[0].transient.display_id);
    expect(cell.result["text/html"]).to.equal("<i>x</i>");
  });

  it("shows the text of a helper's value where that stands within another value, or is printed", async () => {
    const cell = await kernel.run('console.log(md("**b**")); [html("<b>x</b>"), { drawing: svg("<svg/>") }]');
    expect([cell.text(), cell.result["text/plain"]]).to.deep.equal([
      "**b**\n",
      "[ <b>x</b>, { drawing: an SVG drawing } ]",
    ]);
  });

  it("shows no result for what `watch` returns, only its display", async () => {
    const cell = await kernel.run('await watch(softSignalRw(1, { name: "s" }))');
    expect(cell.published.map(({ type }) => type).slice(2, -1)).to.deep.equal(["display_data"]);
    expect(cell.result).to.equal(undefined);
  });

  it("takes markup as text or as a template, and leaves no result of its own", async () => {
    const cell = await kernel.run(
      'display(html("<b>hot</b>")); display(html`<i>${"<"}</i>`); const kept = display(5); kept',
    );
    expect(cell.published.map(({ type, content }) => [type, content.data?.["text/html"]]).slice(2, -1)).to.deep.equal([
      ["display_data", "<b>hot</b>"],
      ["display_data", "<i>&lt;</i>"],
      ["display_data", undefined],
    ]);
    const updated = await kernel.run("kept.update(6)");
    expect(updated.types).to.deep.equal(["busy", "execute_input", "idle"]);
    const update = await kernel.message(
      ({ type, content }) => type === "update_display_data" && content.data["text/plain"] === "6",
    );
    expect(update.content.transient).to.deep.equal(cell.published.at(-2)?.content.transient);
    const imported = await kernel.run('import { html as markup } from "secop-lab/kernel"; markup("<u>x</u>")');
    expect(imported.result["text/html"]).to.equal("<u>x</u>");
    expect((await kernel.run('html("<p>y</p>")')).result["text/html"]).to.equal("<p>y</p>");
  });
});
