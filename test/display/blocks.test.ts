import { expect } from "chai";
import fc from "fast-check";
import { callout, calloutText } from "../../lib/display/callout";
import { codeChip } from "../../lib/display/codeChip";
import { definitionList, definitionText } from "../../lib/display/definitionList";
import { displayBundle } from "../../lib/display/displayBundle";
import { formatValue } from "../../lib/display/formatValue";
import { header, headerText } from "../../lib/display/header";
import { html } from "../../lib/display/html";
import { progressBar, progressText } from "../../lib/display/progressBar";
import { sparkline } from "../../lib/display/sparkline";
import { htmlTable, textTable } from "../../lib/display/table";
import { formatDateTime, formatDuration, formatMoment, formatTime, timeLeftText } from "../../lib/display/time";
import { branch, indent } from "../../lib/display/tree";
import { oneLine, printable } from "../../lib/printable";
import { pixelsOf } from "../live/pixels";

const HOSTILE = `<img src=x onerror="alert(1)">'&\u001b[31m\u202e`;

describe("a sparkline", () => {
  it("is drawn although a clock was set back in the meantime", () => {
    const points = [0, 1e12, 1].map((time) => ({ time, value: time % 7 }));
    expect(sparkline(points).markup).to.match(/^<img src="data:image\/png;base64,/);
  });

  it("keeps each value until the next one", () => {
    const points = [0, 10].map((time) => ({ time, value: time }));
    const [, url = ""] = /src="([^"]*)"/.exec(sparkline(points).markup) ?? [];
    const pixels = pixelsOf(url, 36, 192);
    const drawn = (column: number) => Array.from({ length: 36 }, (_, row) => pixels[row * 192 + column] === 1);
    const heights = (column: number) => drawn(column).flatMap((isDrawn, row) => (isDrawn ? [row] : []));
    expect(heights(96)).to.deep.equal(heights(3));
    expect(heights(96)).to.have.length(2);
    expect(heights(189).at(-1)).to.be.greaterThan(30);
  });
});

describe("html", () => {
  it("escapes all values, and nothing twice", () => {
    const inner = html`<b>${"a<b"}</b>`;
    expect(html`<p title="${'"'}">${inner}${[inner, null, false, 3]}</p>`.markup).to.equal(
      '<p title="&quot;"><b>a&lt;b</b><b>a&lt;b</b>3</p>',
    );
  });

  it("has a text that is harmless in a terminal", () => {
    const bundle = displayBundle(`a\n${HOSTILE}`, html`${HOSTILE}`);
    expect(bundle["text/plain"]).to.equal(`a\n<img src=x onerror="alert(1)">'&\\x1b[31m\\u202e`);
  });

  it("lets no text become markup or a control sequence", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const markup = html`${text}`.markup;
        expect(markup).to.not.match(/[<>"']/);
        expect(markup).to.not.match(/[\u0000-\u0008\u001b]/);
      }),
    );
  }).timeout(20_000);
});

describe("display blocks", () => {
  const all = [
    header({ title: HOSTILE, status: { state: "ok", word: HOSTILE }, facts: [HOSTILE, undefined] }),
    htmlTable([{ title: HOSTILE, units: HOSTILE }], [[HOSTILE]]),
    callout({
      kind: "problem",
      title: HOSTILE,
      text: HOSTILE,
      detail: HOSTILE,
      next: [{ label: HOSTILE, code: HOSTILE }],
    }),
    branch({ summary: HOSTILE, value: HOSTILE, body: HOSTILE, open: true }),
    definitionList([[HOSTILE, HOSTILE]]),
    progressBar({ name: HOSTILE, state: "busy", fraction: 0.5, text: HOSTILE }),
    codeChip(HOSTILE),
  ];

  for (const block of all) {
    it(`escape what they show: ${block.markup.slice(0, 24)}`, () => {
      expect(block.markup).to.contain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;\\x1b[31m\\u202e");
      expect(block.markup).to.not.contain("<img");
    });
  }

  it("carry their stylesheet behind the content", () => {
    const bundle = displayBundle("text", codeChip("RE.resume()"));
    expect(bundle["text/plain"]).to.equal("text");
    expect(bundle["text/html"]).to.match(/^<div class="sl"><code>RE.resume\(\)<\/code><\/div><style>/);
  });

  it("have a counterpart in plain text", () => {
    expect(headerText({ title: "cryo", status: { state: "ok", word: "connected" }, facts: ["SECoP 1.0"] })).to.equal(
      "cryo · connected · SECoP 1.0",
    );
    expect(
      calloutText({ kind: "notice", title: "Paused", text: "at 3", next: [{ label: "Go on", code: "RE.resume()" }] }),
    ).to.equal("Paused at 3\nGo on: RE.resume()");
    expect(
      definitionText([
        ["motors", "cryo"],
        ["a", "b"],
      ]),
    ).to.equal("motors  cryo\na       b");
    expect(progressText({ name: "scan", fraction: 0.5, text: "1 of 2" })).to.equal(
      "scan         [##########----------] 1 of 2",
    );
    expect(indent("a\n\nb")).to.equal("  a\n\n  b");
  });
});

describe("textTable", () => {
  it("aligns numbers right and words left, units in their own line", () => {
    const columns = [
      { title: "parameter", align: "left" },
      { title: "value", units: "K" },
    ] as const;
    expect(
      textTable(columns, [
        ["target", "20.000"],
        ["ramp", "6"],
      ]),
    ).to.equal(
      ["parameter   value", "                K", "---------  ------", "target     20.000", "ramp            6"].join(
        "\n",
      ),
    );
  });
});

describe("formatValue", () => {
  it("shows scalars, small arrays and structs, and long arrays by type and shape", () => {
    expect(formatValue(1.23456, { precision: 2 })).to.equal("1.23");
    expect(formatValue(true)).to.equal("true");
    expect(formatValue(undefined)).to.equal("–");
    expect(formatValue(Float64Array.of(1, 2.5))).to.equal("[1, 2.5]");
    expect(formatValue(new Int32Array(1000))).to.equal("int32[1000]");
    expect(formatValue(Array.from({ length: 7 }, () => [1, 2]))).to.equal("array[7 × 2]");
    expect(formatValue({ p: 1, mode: "pid" })).to.equal('{p: 1, mode: "pid"}');
    expect(formatValue(new Uint8Array(3))).to.equal("3 bytes");
    expect(formatValue(10n)).to.equal("10");
  });

  it("writes anything in one line of limited width", () => {
    fc.assert(
      fc.property(fc.anything({ withTypedArray: true, withBigInt: true }), (value) => {
        const text = formatValue(value, { width: 40 });
        expect(text).to.not.match(/[\n\r\u001b]/);
        expect(text.length).to.be.at.most(40);
      }),
    );
  });
});

describe("printable", () => {
  it("makes control characters visible", () => {
    expect(printable("a\u001b[2Jb\r")).to.equal("a\\x1b[2Jb\\r");
    expect(oneLine("a\nb  c", 5)).to.equal("a b c");
    expect(oneLine("abcdef", 4)).to.equal("abc…");
  });
});

describe("formatMoment", () => {
  it("is the time alone only today", () => {
    const now = new Date();
    const noon = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12).getTime() / 1000;
    expect(formatMoment(noon)).to.equal(formatTime(noon));
    for (const other of [noon - 86_400, noon + 86_400, 0, 8.64e12]) {
      expect(formatMoment(other)).to.equal(formatDateTime(other)).and.not.contain("NaN");
    }
  });
});

describe("formatDuration", () => {
  it("names the two largest units", () => {
    expect([0.2, 4.25, 59.6, 108, 192, 3600, 5400, 90000].map(formatDuration)).to.deep.equal([
      "200 ms",
      "4.3 s",
      "1 min",
      "1 min 48 s",
      "3 min 12 s",
      "1 h",
      "1 h 30 min",
      "1 d 1 h",
    ]);
  });

  it("says in whole seconds what something still needs, and never that nothing is left", () => {
    expect([0.02, 0.95, 6.48, 108.3].map(timeLeftText)).to.deep.equal([
      "1 s left",
      "1 s left",
      "6 s left",
      "1 min 48 s left",
    ]);
  });
});
