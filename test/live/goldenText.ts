/** Specifications and pages as short texts that are the same on every machine, for golden files. */

import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { MimeBundle } from "../../lib/display/mimeBundle";

/** Items of a list that are kept at both ends. */
const KEPT = 3;

/**
 * A specification without what differs from machine to machine, and short enough to be read: of long lists
 * the ends, of pictures a sum of their pixels.
 */
export function shortened(value: unknown): unknown {
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

/** A bundle as a golden file has it: the specification, the page in lines, and the text in lines. */
export function goldenBundle(bundle: MimeBundle): Record<string, unknown> {
  const spec = bundle["application/vnd.vegalite.v5+json"];
  const html = bundle["text/html"];
  return {
    text: bundle["text/plain"].split("\n"),
    ...(typeof html === "string" ? { html: htmlLines(html) } : {}),
    ...(spec === undefined ? {} : { spec: shortened(spec) }),
  };
}

/** A page without its stylesheet, one line for each piece between two elements. */
function htmlLines(html: string): string[] {
  return html
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/>\s*</g, ">\n<")
    .split("\n");
}
