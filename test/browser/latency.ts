/** How long an event takes from its device to the screen, measured in a page of JupyterLab. */

import type { LabNotebook } from "./lab";

/** Notes at each frame of the screen the newest row of the table of a cell, and when its plot was drawn. */
const recorderOf = (cell: number): string => `
  const seen = { rows: [], plots: [] };
  globalThis.seen = seen;
  let plot;
  const look = () => {
    if (globalThis.seen !== seen) return;
    const area = document.querySelectorAll(".jp-Cell")[${cell}]?.querySelector(".jp-OutputArea");
    const numbers = [...(area?.querySelectorAll("tbody tr td:first-child") ?? [])].map((cell) => Number(cell.innerText));
    const newest = Math.max(0, ...numbers.filter(Number.isFinite));
    while (seen.rows.length < newest) seen.rows.push(Date.now());
    const drawn = area?.querySelector(".vega-embed canvas, .vega-embed svg");
    if (drawn && drawn !== plot) seen.plots.push(Date.now());
    plot = drawn;
    requestAnimationFrame(look);
  };
  look();
`;

/** Milliseconds from events to the screen. */
export interface Latencies {
  /** Until the row of each event is in the table. */
  readonly rows: readonly number[];
  /** Until the plot is drawn after each event. */
  readonly plots: readonly number[];
}

/** Begins to note what is on the screen below a cell, which is empty at first; ends what was noted before. */
export async function recordScreen(notebook: LabNotebook, cell: number): Promise<void> {
  await notebook.clearOutputs(cell);
  await notebook.page
    .locator(".jp-Cell")
    .nth(cell)
    .locator(".jp-OutputArea-child")
    .first()
    .waitFor({ state: "detached" });
  await notebook.page.evaluate(recorderOf(cell));
}

/** The time of each event until it was seen. @param times the times of the events in unix seconds */
export async function latenciesOf({ page }: LabNotebook, times: readonly number[]): Promise<Latencies> {
  const seen = (await page.evaluate("seen")) as { readonly rows: readonly number[]; readonly plots: readonly number[] };
  const rows = times.flatMap((time, i) => (seen.rows[i] === undefined ? [] : [seen.rows[i] - 1000 * time]));
  const plots = times.flatMap((time) => {
    const next = seen.plots.find((drawn) => drawn > 1000 * time);
    return next === undefined ? [] : [next - 1000 * time];
  });
  return { rows, plots };
}

/** The value below which a part of the numbers lies, from 0 to 1. */
export function quantileOf(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
