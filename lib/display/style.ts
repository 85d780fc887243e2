/** The stylesheet of all displays. */

import { type Html, html } from "./html";

/**
 * The rules. They are sent with each output, since a notebook has no other place for them. Colours are those
 * of JupyterLab's or VS Code's theme, if there is one. `.sl.sl` outranks JupyterLab's rules for tables in
 * outputs. Lines of text would be hard to read at the width of a screen, but tables of data may use all of
 * it; tables with descriptions may not. A plot keeps its height while JupyterLab loads the code that
 * draws it: that is a rule for elements of JupyterLab.
 */
const CSS = html`.sl{--ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,#1f2328));--mute:var(--jp-content-font-color2,var(--vscode-descriptionForeground,#656d76));--line:#8a8f9855;--soft:#8a8f981c;--ok:#0b7a55;--busy:#1668ad;--warn:#94610a;--bad:#b8331c;--off:#656b74;font:13px/1.45 var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",sans-serif);color:var(--ink);font-variant-numeric:tabular-nums}
[data-jp-theme-light="false"] .sl,.vscode-dark .sl,.vscode-high-contrast:not(.vscode-high-contrast-light) .sl,.sl-dark .sl{--mute:#b3b9c1;--ok:#3fc79a;--busy:#62b6f2;--warn:#e6ac3c;--bad:#f28a75;--off:#9aa1aa}
.sl .head{display:flex;gap:.2em .7em;align-items:baseline;flex-wrap:wrap;margin:0 0 .35em}.sl .head>b{font-size:14px;font-weight:600;overflow-wrap:anywhere}.sl.sl small,.sl.sl .mute{color:var(--mute);font-size:12px;font-weight:400;overflow-wrap:anywhere}
.sl>*{max-width:760px}.sl>.wide:not(:has(.wrap)),.sl>details:has(.rows){max-width:none}.sl .wide{overflow-x:auto}.sl.sl table{border-collapse:collapse;table-layout:auto;width:auto;min-width:min(100%,400px);margin:.2em 0;font-size:13px;color:var(--ink);border:0}.sl.sl thead{border:0;background:none}.sl.sl th{font-weight:500;color:var(--mute);font-size:12px;text-align:right;vertical-align:bottom;padding:2px 10px 3px;border:0;border-bottom:1px solid var(--line);background:none}
.sl.sl td{padding:2px 10px;text-align:right;vertical-align:baseline;line-height:1.45;border:0;white-space:nowrap}.sl.sl tbody tr:nth-child(n){background:none;border:0}.sl.sl tbody tr:nth-child(n):hover{background:var(--soft)}.sl.sl th[align=left],.sl.sl td[align=left]{text-align:left}.sl.sl td.wrap{white-space:normal;min-width:7em;overflow-wrap:anywhere}.sl.sl td.name{white-space:normal}.sl.sl td.mute{font-size:12px}.sl.sl tr>:first-child{padding-left:2px}.sl.sl tr>:last-child{padding-right:2px}
.sl .u{color:var(--mute);font-weight:400;font-size:12px}.sl .ok{color:var(--ok)}.sl .busy{color:var(--busy)}.sl .warn{color:var(--warn)}.sl .bad{color:var(--bad)}.sl .off{color:var(--off)}.sl .dot{font-size:12px}
.sl details{margin:.1em 0 .1em 1.4em}.sl summary{cursor:pointer;padding:3px 0;list-style-position:outside;overflow-wrap:anywhere}.sl summary b{font-weight:600}.sl summary .val{float:right;font-weight:500}.sl summary::after{content:"";display:table;clear:both}.sl .group{color:var(--mute);margin:.7em 0 .1em}
.sl .bar{display:grid;grid-template-columns:minmax(6em,11em) minmax(5em,1fr) minmax(12em,26em);gap:.8em;align-items:center;margin:.2em 0}.sl .bar>span,.sl .bar>span>span,.sl.sl .bar>small{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.sl progress{-webkit-appearance:none;appearance:none;forced-color-adjust:none;width:100%;height:5px;border:0;border-radius:3px;background:var(--line);overflow:hidden}.sl progress::-webkit-progress-bar{background:var(--line);border-radius:3px}.sl progress::-webkit-progress-value{background:currentColor;border-radius:3px}.sl progress::-moz-progress-bar{background:currentColor}
.jp-RenderedVegaCommon5:empty,.jp-RenderedVegaCommon5>div:empty{min-height:330px}.sl .note{border-left:3px solid var(--warn);padding:.3em .8em;margin:.5em 0;background:var(--soft);overflow-wrap:anywhere}.sl .note.problem{border-color:var(--bad)}.sl .said{max-height:8em;overflow:auto}.sl.sl code{font:12px var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);background:var(--soft);color:var(--ink);padding:0 .3em;border-radius:3px;border:0;white-space:pre-wrap}
.sl.sl dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1.2em;margin:.3em 0}.sl.sl dt{color:var(--mute);font-weight:400;margin:0;float:none}.sl.sl dd{margin:0;overflow-wrap:anywhere}`;

/**
 * Joins blocks to one output with the stylesheet. The stylesheet comes last, so that front ends which show it
 * as text show the content first.
 */
export function block(...content: readonly (Html | null | undefined)[]): Html {
  return html`<div class="sl">${content}</div><style>${CSS}</style>`;
}
