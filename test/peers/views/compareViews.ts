/**
 * Draws the same runs with our views and with bluesky's BestEffortCallback in matplotlib, and writes the
 * table of both with their pictures: `npm run compare`, docs/views.md.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { plot } from "../../../lib/live";
import { renderPng } from "../../../lib/live/plot/renderPng";
import { createRunEngine } from "../../../lib/notebook";
import { peersPython, repository, runProgram } from "../peers";
import { CASES } from "./cases";

const folder = join(repository, "docs/views");

/** What bluesky drew of a run. */
interface Drawn {
  readonly figures: number;
  readonly error: string;
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "views-"));
  mkdirSync(folder, { recursive: true });
  const RE = createRunEngine({ live: false, dir });
  const runs: string[] = [];
  for (const view of CASES) {
    const run = await RE(view.plan() as never);
    const lines = [...run.documents()].map(({ name, doc }) => JSON.stringify([name, doc], plain));
    const path = join(dir, `${view.name}.jsonl`);
    writeFileSync(path, `${lines.join("\n")}\n`);
    runs.push(`${view.name}=${path}`);
    const picture = await renderPng(await plot(run).spec());
    writeFileSync(join(folder, `${view.name}-ours.png`), onWhite(picture));
  }
  const script = join(repository, "test/peers/views/bluesky_views.py");
  const { stdout, stderr, code } = await runProgram(peersPython(), [script, folder, ...runs], { timeout: 300 });
  if (code !== 0) throw new Error(stderr);
  const said = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, Drawn>;
  writeFileSync(join(repository, "docs/views.md"), page(said));
  rmSync(dir, { recursive: true, force: true });
}

/** Arrays as lists, and numbers that JSON does not have as Python reads them. */
function plain(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/** The picture with a white ground, as on paper. */
function onWhite(png: Uint8Array): Uint8Array {
  const buffer = Buffer.from(png);
  const [width, height] = [buffer.readUInt32BE(16), buffer.readUInt32BE(20)];
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${buffer.toString("base64")}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${image}</svg>`;
  return new Resvg(svg).render().asPng();
}

function page(said: Readonly<Record<string, Drawn>>): string {
  const rows = CASES.map(({ name, title, ours, theirs }) => {
    const { figures = 0, error = "" } = said[name] ?? {};
    const their = figures === 0 ? `nothing${error ? ` (${error})` : ""}` : `![](views/${name}-bluesky.png)`;
    const more = theirs || "nothing";
    return `| ${title} | ![](views/${name}-ours.png) | ${their} | ${ours} | ${more} |`;
  });
  return readFileSync(join(repository, "test/peers/views/page.md"), "utf8").replace("ROWS", rows.join("\n"));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
