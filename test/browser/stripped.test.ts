import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumPath, repository } from "../peers/peers";
import { screenshots } from "./lab";

/** The pages of some recorded runs at their end, as golden files have them: without the stylesheet. */
function pagesOf(...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const file = join(repository, "test/live/golden", `${name}.txt`);
    const { ended } = JSON.parse(readFileSync(file, "utf8")) as { readonly ended: readonly { html?: string[] }[] };
    return ended.flatMap(({ html }) => (html ? [html.join("\n")] : []));
  });
}

/** What GitHub and others leave of a page: no stylesheet, no style attributes, no classes. */
const stripped = (html: string): string => html.replace(/ (style|class)="[^"]*"/g, "");

describe("cards and tables on a page that strips styles", function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox", "--disable-gpu"] });
    page = await browser.newPage({ viewport: { width: 800, height: 1200 } });
    const all = pagesOf("ours/aborted", "ours/stopped", "bluesky/failing", "bluesky/baseline", "ours/cooling");
    await page.setContent(all.map(stripped).join("<hr>"));
    await page.screenshot({ path: join(screenshots, "stripped.png"), fullPage: true });
  });

  after(() => browser?.close());

  it("say how each run has ended with a sign, a word and a colour", async () => {
    const heads = page.locator("div", { has: page.locator(":scope > b") });
    const said = await heads.evaluateAll((elements) =>
      elements.map((element) => [
        (element as { innerText: string } & object as { innerText: string }).innerText.split("#")[0]?.trim(),
        element.querySelector("font")?.getAttribute("color"),
      ]),
    );
    const words = said.map(([text]) => text?.replace(/\s+/g, " "));
    expect(words).to.include.members([
      "scan ■ aborted",
      "scan ✔ stopped early",
      "failing ✖ failed",
      "scan ✔ success",
      "cooling ✔ success",
    ]);
    expect(new Set(said.map(([, color]) => color)).size).to.be.at.least(3);
  });

  it("have numbers at the right and words at the left, with the unit below the name", async () => {
    const aligned = await page
      .locator("table")
      .first()
      .locator("td, th")
      .evaluateAll((cells) =>
        cells.map(
          (cell) =>
            (globalThis as never as { getComputedStyle(e: unknown): { textAlign: string } }).getComputedStyle(cell)
              .textAlign,
        ),
      );
    expect(new Set(aligned.map((each) => each.replace("-webkit-", "")))).to.deep.equal(new Set(["right"]));
    const headings = await page.locator("table").first().locator("th").allInnerTexts();
    expect(headings.map((text) => text.trim().split(/\s*\n\s*/))).to.deep.equal([
      ["seq_num"],
      ["time"],
      ["x", "mm"],
      ["det", "counts"],
    ]);
  });

  it("show how far each run went as a bar", async () => {
    const bars = await page
      .locator("progress")
      .evaluateAll((all) => all.map((bar) => Number(bar.getAttribute("value"))));
    expect(bars.slice(0, 3)).to.deep.equal([0.385, 0.385, 0.6]);
    expect(await page.locator("progress").first().isVisible()).to.equal(true);
  });

  it("fold the baseline below a line that says what it is", async () => {
    const summary = page.locator("summary", { hasText: "baseline" });
    expect((await summary.innerText()).replace(/\s+/g, " ")).to.equal("baseline 2 readings, 0 changed");
    await summary.click();
    expect(await page.getByText("-0.76537").first().isVisible()).to.equal(true);
  });
});
