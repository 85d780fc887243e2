/**
 * The page of `secop-lab watch --browser`: it shows the runs that it is sent, and can send nothing itself.
 */

import { createHash } from "node:crypto";
import { escapeHtml } from "../../lib/display/escape";
import { htmlDocument } from "../../lib/display/htmlDocument";

/** @param uri the address that is followed */
export function watchPage(uri: string): string {
  const body = `<header><span id="state" class="off">connecting</span><b>${escapeHtml(uri)}</b><span class="mute">read-only</span></header>
<main><p id="none" class="mute">No run yet. The next one appears here when it begins.</p></main>
<script>${SCRIPT}</script>`;
  return htmlDocument({ title: `${uri} - secop-lab watch`, css: CSS, body, policy: null });
}

/** The newest run is at the top. Each output keeps its place. */
const SCRIPT = `
const main = document.querySelector("main");
const state = document.getElementById("state");
const none = document.getElementById("none");
const runs = new Map();
const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => { document.documentElement.dataset.jpThemeLight = String(!dark.matches); };
dark.addEventListener("change", theme);
theme();
const say = (word, kind) => { state.textContent = word; state.className = kind; };
const remove = (run) => { runs.get(run)?.section.remove(); runs.delete(run); };
const show = ({ run, place, html }) => {
  none.hidden = true;
  let known = runs.get(run);
  if (!known) {
    known = { section: document.createElement("section"), outputs: new Map() };
    runs.set(run, known);
    main.prepend(known.section);
  }
  let output = known.outputs.get(place);
  if (!output) {
    output = document.createElement("div");
    output.className = "out";
    known.outputs.set(place, output);
    const after = [...known.outputs.keys()].filter((other) => other > place).sort((a, b) => a - b)[0];
    known.section.insertBefore(output, known.outputs.get(after) ?? null);
  }
  output.innerHTML = html;
};
const source = new EventSource("events");
source.onopen = () => say("live", "ok");
source.onerror = () => say("not connected: secop-lab watch has ended or is away; trying again", "bad");
source.addEventListener("begin", () => { for (const run of [...runs.keys()]) remove(run); none.hidden = false; });
source.onmessage = ({ data }) => {
  const change = JSON.parse(data);
  if (change.removed) remove(change.removed);
  else show(change);
};
`;

/**
 * The policy of the page: it may use its own script, pictures that it was sent, and the events of this
 * server.
 */
export const WATCH_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src data:",
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
].join("; ");

const INK = "light-dark(#1f2328,#e6e8eb)";
const MUTE = "light-dark(#656d76,#9aa3ad)";
const PAPER = "light-dark(#ffffff,#16191d)";

const CSS = `:root{color-scheme:light dark;--jp-content-font-color1:${INK};--jp-content-font-color2:${MUTE}}
body{margin:0;font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:${INK};background:${PAPER}}
header{position:sticky;top:0;z-index:1;display:flex;gap:.4em 1em;flex-wrap:wrap;align-items:baseline;padding:.6rem 1.25rem;background:${PAPER};border-bottom:1px solid #8a8f9855}
header b{font-weight:600;overflow-wrap:anywhere}.mute{color:${MUTE}}
#state::before{content:"\\25CF";font-size:12px;margin-right:.4em}.ok{color:light-dark(#0b7a55,#3fc79a)}.bad{color:light-dark(#b8331c,#f28a75)}.off{color:${MUTE}}
main{max-width:860px;margin:0 auto;padding:1rem 1.25rem 4rem}
section{padding:1rem 0;border-bottom:1px solid #8a8f9855}section:last-of-type{border:0}
.out{margin:0 0 .8rem;overflow-x:auto}.out:empty{margin:0}img{max-width:100%;display:block}
.words{display:none;margin:.3em 0 0;font-size:13px;color:${MUTE};white-space:pre-line;overflow-wrap:anywhere}@media(max-width:600px){.words{display:block}}
pre{margin:0;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}`;
