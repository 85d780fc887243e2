/**
 * DOM elements among the values of cells, of jsdom, linkedom and the like; drawings too, as Observable Plot
 * makes them.
 */

import { oneLine } from "../../lib/printable";
import type { OwnForms } from "./ownForms";

interface ElementLike {
  readonly nodeType: 1;
  readonly outerHTML: string;
  readonly localName?: string;
  readonly tagName?: string;
  readonly textContent?: string | null;
  readonly ownerDocument?: {
    readonly defaultView?: { readonly XMLSerializer?: new () => XmlSerializer } | null;
  } | null;
}

interface XmlSerializer {
  serializeToString(node: unknown): string;
}

interface FragmentLike {
  readonly nodeType: 11;
  readonly childNodes: Iterable<{ readonly outerHTML?: string; readonly textContent?: string | null }>;
}

/** The forms of an element, or of a fragment with several. */
export function domForms(value: Partial<ElementLike> | Partial<FragmentLike>): OwnForms | undefined {
  if (value.nodeType === 11 && "childNodes" in value) return fragmentForms(value as FragmentLike);
  if (value.nodeType !== 1 || typeof (value as ElementLike).outerHTML !== "string") return undefined;
  const element = value as ElementLike;
  const name = (element.localName ?? element.tagName ?? "").toLowerCase();
  // The text of a drawing would be the numbers at its axes, and its style.
  const words = /<(?:svg|style|script)\b/i.test(element.outerHTML) ? "" : (element.textContent ?? "").trim();
  const forms = { "text/plain": `<${name}>${words === "" ? "" : ` ${oneLine(words, 200)}`}` };
  // As HTML a drawing takes the colours of the page; the picture is for front-ends that do not show HTML.
  const html = element.outerHTML.includes("--plot-background:") ? element.outerHTML + PLOT_STYLE : element.outerHTML;
  return { ...forms, "text/html": html, ...(name === "svg" && { "image/svg+xml": svgFile(element) }) };
}

/** Observable Plot draws tips and the edges of letters in white, by a rule that any other outranks. */
const PLOT_STYLE =
  '<style>[class*="plot-"]{--plot-background:var(--jp-layout-color0,var(--vscode-editor-background,white))}</style>';

function fragmentForms({ childNodes }: FragmentLike): OwnForms {
  const children = [...childNodes];
  return {
    "text/plain": oneLine(children.map(({ textContent }) => textContent ?? "").join(" "), 200),
    "text/html": children.map((child) => child.outerHTML ?? escaped(child.textContent ?? "")).join(""),
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The drawing as a file, which is XML: it needs the namespaces that HTML leaves out. */
function svgFile(element: ElementLike): string {
  const { XMLSerializer } = element.ownerDocument?.defaultView ?? {};
  const text = XMLSerializer
    ? new XMLSerializer().serializeToString(element)
    : element.outerHTML.replaceAll("&nbsp;", "&#160;");
  const declared = (name: string): boolean => new RegExp(`^<svg[^>]*\\s${name}=`).test(text);
  const missing = [
    declared("xmlns") ? "" : ' xmlns="http://www.w3.org/2000/svg"',
    declared("xmlns:xlink") || !/\bxlink:/.test(text) ? "" : ' xmlns:xlink="http://www.w3.org/1999/xlink"',
  ];
  return text.replace(/^<svg/, `<svg${missing.join("")}`);
}
