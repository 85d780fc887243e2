import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect } from "chai";
import { plot } from "../../lib/live";
import { createRunEngine } from "../../lib/notebook";
import { CASES } from "../peers/views/cases";

const file = join(__dirname, "golden/views.txt");

/** Items of a list that are kept at both ends. */
const KEPT = 3;

/**
 * A specification without what differs from machine to machine, and short enough to be read: of long lists the ends, of
 * pictures a sum of their pixels.
 */
function shortened(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("data:image/png;base64,")) return pixelsOf(value);
  if (Array.isArray(value)) {
    const items =
      value.length > 4 * KEPT ? [...value.slice(0, KEPT), `${value.length} items`, ...value.slice(-KEPT)] : value;
    return items.map(shortened);
  }
  if (typeof value !== "object" || value === null)
    return typeof value === "number" ? Number(value.toPrecision(6)) : value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      key === "config" || key === "$schema" ? [] : [[key, shortened(inner)]],
    ),
  );
}

/** A sum of the pixels: compressed bytes differ between versions of Node. */
function pixelsOf(url: string): string {
  const png = Buffer.from(url.slice("data:image/png;base64,".length), "base64");
  const at = png.indexOf("IDAT");
  const pixels = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const size = `${png.readUInt32BE(16)} x ${png.readUInt32BE(20)}`;
  return `picture of ${size}, ${createHash("sha256").update(pixels).digest("hex").slice(0, 16)}`;
}

/** `RENEW=1` writes the file anew: look at the difference before you commit it. */
describe("the specifications of all views", () => {
  it("are those that were looked at last", async () => {
    const RE = createRunEngine({ live: false, store: false, scanIdSource: () => 1 });
    const specs: Record<string, unknown> = {};
    for (const { name, plan } of CASES) {
      // Times are never the same.
      if (name === "time") continue;
      const run = await RE(plan() as never);
      specs[name] = shortened(await plot(run).spec());
    }
    const text = `${JSON.stringify(specs, null, 1)}\n`;
    if (process.env.RENEW || !existsSync(file)) writeFileSync(file, text);
    expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
  }).timeout(60_000);
});
