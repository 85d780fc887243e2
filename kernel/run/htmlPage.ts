/** An executed notebook as one HTML page that needs no other file, no network and no Jupyter. */

import { createHash } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "../../lib/display/escape";
import { htmlDocument } from "../../lib/display/htmlDocument";
import { type Notebook, type NotebookCell, type Output, sourceOf } from "../notebookFile";
import { highlight } from "./highlight";

/**
 * Returns the page of a notebook, with the outputs that are in the file. Neither outputs nor Markdown can run
 * code: HTML outputs are in frames without scripts, and the page's security policy allows only the page's own
 * script.
 */
export async function htmlPage(notebook: Notebook, title: string): Promise<string> {
  const { marked } = await import("marked");
  const markdown = (source: string): string => marked.parse(source, { async: false });
  const cells = notebook.cells.map((cell) => cellHtml(cell, markdown)).join("\n");
  const body = `<main>\n${cells}\n</main>\n<script>${SCRIPT}</script>`;
  return htmlDocument({ title, css: CSS, body, policy: POLICY });
}

type Markdown = (source: string) => string;

function cellHtml(cell: NotebookCell, markdown: Markdown): string {
  const source = sourceOf(cell);
  if (cell.cell_type === "markdown") return `<section class="words">${markdown(source)}</section>`;
  if (cell.cell_type !== "code") return `<section><pre>${escapeHtml(source)}</pre></section>`;
  if (source.trim() === "" && (cell.outputs ?? []).length === 0) return "";
  const count = cell.execution_count ?? " ";
  const outputs = (cell.outputs ?? []).map((output) => outputHtml(output, markdown)).join("\n");
  return `<section><div class="in"><span>${count}</span><pre>${highlight(source)}</pre></div>\n${outputs}</section>`;
}

function outputHtml(output: Output, markdown: Markdown): string {
  switch (output.output_type) {
    case "stream":
      return textHtml(joined(output.text), output.name === "stderr" ? "out stderr" : "out");
    case "error":
      return textHtml((output.traceback as readonly string[]).join("\n"), "out error");
    default:
      return `<div class="out">${bundleHtml(output.data as Readonly<Record<string, unknown>>, markdown)}</div>`;
  }
}

/** Of the forms of an output, the richest one that a page without scripts can show. */
function bundleHtml(data: Readonly<Record<string, unknown>>, markdown: Markdown): string {
  for (const type of ["image/png", "image/jpeg"]) {
    if (type in data) return imageHtml(`data:${type};base64,${joined(data[type]).replace(/\s/g, "")}`);
  }
  if ("image/svg+xml" in data) {
    return imageHtml(`data:image/svg+xml;base64,${Buffer.from(joined(data["image/svg+xml"])).toString("base64")}`);
  }
  if ("text/html" in data) return frameHtml(joined(data["text/html"]));
  if ("text/markdown" in data) return frameHtml(markdown(joined(data["text/markdown"])));
  return textHtml(joined(data["text/plain"]), "");
}

function imageHtml(url: string): string {
  return `<img alt="" src="${escapeHtml(url)}">`;
}

/**
 * A frame of the same origin, so that the page can set its height. The frame cannot misuse that, since it
 * runs no scripts.
 */
function frameHtml(markup: string): string {
  const document = `<!doctype html><meta name="color-scheme" content="light dark"><style>${FRAME_CSS}</style><body>${markup}`;
  return `<iframe sandbox="allow-same-origin allow-popups" srcdoc="${escapeHtml(document)}"></iframe>`;
}

function textHtml(text: string, name: string): string {
  return `<pre class="${name}">${escapeHtml(stripVTControlCharacters(text))}</pre>`;
}

/** Text of a notebook file, which is a string or a list of lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

const SCRIPT = `
const dark = matchMedia("(prefers-color-scheme: dark)");
for (const frame of document.querySelectorAll("iframe")) {
  const show = () => {
    const root = frame.contentDocument?.documentElement;
    if (!root) return;
    const fit = () => { frame.style.height = root.offsetHeight + 2 + "px"; };
    const theme = () => { root.dataset.jpThemeLight = String(!dark.matches); };
    new ResizeObserver(fit).observe(root);
    dark.addEventListener("change", theme);
    theme();
    fit();
  };
  if (frame.contentDocument?.readyState === "complete") show();
  frame.addEventListener("load", show);
}
`;

const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "img-src data: https: file: 'self'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
].join("; ");

const INK = "light-dark(#1f2328,#e6e8eb)";
const MUTE = "light-dark(#656d76,#9aa3ad)";
const PAPER = "light-dark(#ffffff,#16191d)";

const FRAME_CSS = `:root{color-scheme:light dark;--jp-content-font-color1:${INK};--jp-content-font-color2:${MUTE}}
html{overflow:hidden}body{overflow-x:auto;margin:0;padding:1px;font:14px/1.5 system-ui,sans-serif;color:${INK};background:${PAPER}}
table{border-collapse:collapse}th,td{padding:2px 10px;text-align:right}`;

const CSS = `:root{color-scheme:light dark}
body{margin:0;font:15px/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;color:${INK};background:${PAPER}}
main{max-width:860px;margin:0 auto;padding:2.5rem 1.25rem 4rem}
section{margin:0 0 1.4rem}h1,h2,h3{line-height:1.25;margin:1.6em 0 .5em}.words>:first-child{margin-top:0}.words img{max-width:100%}
.words table{border-collapse:collapse}.words th,.words td{padding:3px 12px;border-bottom:1px solid #8a8f9855;text-align:left}
a{color:light-dark(#0072b2,#59b4f0)}
pre,code{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.words code,.in{background:#8a8f981c;border-radius:4px}.words code{padding:.1em .3em}.words pre{padding:.6em .8em}.words pre code{background:none;padding:0}
.words pre{background:#8a8f981c;border-radius:4px}.words pre,.words table{margin:1em 0}
.words blockquote{margin:1em 0;padding-left:1em;border-left:3px solid #8a8f9855;color:${MUTE}}
.in{display:flex;gap:.9em;padding:.6em .8em}.in span{color:${MUTE};min-width:1.2em;text-align:right;font:12px/1.6 ui-monospace,monospace;user-select:none}
.in i{font-style:normal}.in .k{color:light-dark(#0a5ca8,#7cb8f0)}.in .c{color:${MUTE};font-style:italic}.in .s{color:light-dark(#8a4b08,#e0b070)}.in .n{color:light-dark(#00704f,#5fcfa5)}
.out{margin:.6rem 0 0 2.5rem}.stderr{border-left:3px solid #b87500;padding-left:.8em}
.error{border-left:3px solid #c5432b;padding:.3em .8em;background:light-dark(#fdf1ef,#2a1a18);color:light-dark(#9c2f1b,#f0a090)}
img{max-width:100%}iframe{display:block;width:100%;height:2em;border:0}
@media(max-width:600px){.out{margin-left:0}}@media print{section{break-inside:avoid}}`;
