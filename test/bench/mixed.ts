/** Measures a thousand signals of EPICS and Tango, and an image of 15 MB, beside aioca, p4p and PyTango. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type * as library from "../../lib/index";
import type { SignalR, SignalRW } from "../../lib/index";
import { startIoc } from "../peers/epics";
import { repository, runPython } from "../peers/peers";
import { startTangoProgram } from "../peers/tango";
import { freePort } from "../support/freePort";
import type { BenchRow } from "./bench";

/**
 * The library as it is built, which is what users run: the loader of the tests names each function anew, and
 * doubles the processor time of a thousand signals.
 */
const { epicsSignalR, epicsSignalRw, tangoSignalR } = createRequire(__filename)(
  join(repository, "dist/lib/index.js"),
) as typeof library;

const NUMBER = 1000;
const ROUNDS = 20;
const BUMPS = 20;
/** How often the image is read: one read may wait for the garbage collector, so the median counts. */
const IMAGES = 9;
/** Updates that come later than this after the one before are not awaited. */
const QUIET_MS = 500;
/** Bytes of the image, with room for the headers. */
const LARGEST_ARRAY = 16_000_000;

/** `single` are reads of one attribute a call, where `reads` are one call for all. */
type Measured = Readonly<Partial<Record<"connect" | "reads" | "single" | "updates" | "image", number>>>;

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
const rate = async (amount: number, work: () => Promise<unknown>): Promise<number> =>
  (1000 * amount) / (await milliseconds(work));

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Connects, reads and follows the signals, and reads the image. `bump` changes each signal `BUMPS` times. */
async function measured(
  signals: readonly SignalR<number>[],
  image: SignalR,
  size: (image: unknown) => number,
  bump: (() => Promise<unknown>) | undefined,
): Promise<Measured> {
  const connect = await milliseconds(() => Promise.all(signals.map((signal) => signal.connect())));
  const reads = await rate(NUMBER * ROUNDS, async () => {
    for (let i = 0; i < ROUNDS; i++) await Promise.all(signals.map((signal) => signal.getValue()));
  });
  await image.connect();
  await image.getValue();
  const images: number[] = [];
  for (let i = 0; i < IMAGES; i++) {
    const read = milliseconds(async () => {
      if (size(await image.getValue()) !== 15_000_000) throw new Error("the image has another size");
    });
    images.push(await read);
  }
  const updates = bump && (await followed(signals, bump));
  await Promise.all([...signals, image].map((signal) => signal.dispose()));
  return { connect, reads, image: median(images), ...(updates === undefined ? {} : { updates }) };
}

/** Updates per second, from the change to the last update: a busy server may join some. */
async function followed(signals: readonly SignalR<number>[], bump: () => Promise<unknown>): Promise<number> {
  let seen = 0;
  let lastMs = 0;
  const listen = () => {
    seen += 1;
    lastMs = performance.now();
  };
  const quiet = async () => {
    for (let before = -1; seen !== before || seen < NUMBER; ) {
      before = seen;
      await setTimeout(QUIET_MS);
    }
  };
  for (const signal of signals) signal.subscribe(listen);
  await quiet();
  const first = seen;
  const started = performance.now();
  await bump();
  await quiet();
  for (const signal of signals) signal.clearSub(listen);
  return (1000 * (seen - first)) / (lastMs - started);
}

function rows(kind: string, peer: string, ours: Measured, theirs: Measured): BenchRow[] {
  const row = (key: keyof Measured, what: string, unit: string, target?: string): BenchRow[] => {
    const [one, other] = [ours[key], theirs[key]];
    if (one === undefined) return [];
    const against = other === undefined ? {} : { peer: other, ratio: one / other };
    return [
      {
        what: `${kind}: ${what}${other === undefined ? "" : `, ${peer}`}`,
        unit,
        ours: one,
        ...against,
        ...(target ? { target } : {}),
      },
    ];
  };
  return [
    ...row("connect", "connect 1,000 signals", "ms"),
    ...row("reads", "reads of 1,000 signals", "1/s"),
    ...row("single", "reads of 1,000 signals, one call each", "1/s"),
    ...row("updates", "updates of 1,000 signals", "1/s"),
    ...row("image", "an image of 15 MB", "ms"),
  ];
}

const peerOf = async (kind: string, address = ""): Promise<Measured> =>
  JSON.parse(await runPython("test/bench/mixedPeers.py", [kind, address], { timeout: 200 })) as Measured;

async function benchEpics(): Promise<BenchRow[]> {
  process.env.EPICS_CA_MAX_ARRAY_BYTES = `${LARGEST_ARRAY}`;
  const ioc = await startIoc("many", { qsrv: true, largestArray: LARGEST_ARRAY });
  try {
    const all: Record<string, Measured> = {};
    const found: BenchRow[] = [];
    for (const [kind, peer] of [
      ["ca", "aioca"],
      ["pva", "p4p"],
    ] as const) {
      const signals = Array.from({ length: NUMBER }, (_, i) => epicsSignalR(Number, `${kind}://MANY:N${i}`));
      const image = epicsSignalR(Uint8Array, `${kind}://MANY:IMAGE`);
      const bump: SignalRW<number> = epicsSignalRw(Number, "MANY:BUMP");
      await bump.connect();
      const ours = await measured(
        signals,
        image,
        (value) => (value as Uint8Array).length,
        async () => await bump.set(BUMPS, { timeout: 60 }),
      );
      await bump.dispose();
      all[kind] = ours;
      found.push(...rows(kind === "ca" ? "Channel Access" : "pvAccess", peer, ours, await peerOf(kind)));
    }
    const [pva = Number.NaN, ca = Number.NaN] = [all.pva?.reads, all.ca?.reads];
    found.push({
      what: "pvAccess: reads, our Channel Access",
      unit: "1/s",
      ours: pva,
      peer: ca,
      ratio: pva / ca,
      target: ">= 0.5 x",
    });
    return found;
  } finally {
    await ioc.stop();
  }
}

async function benchTango(): Promise<BenchRow[]> {
  const port = await freePort();
  const devices = ["-nodb", "-dlist", "Many::lab/many/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  const stop = await startTangoProgram([`${repository}/test/peers/tango/many.py`, "one", ...devices], {});
  try {
    const trl = (member: string) => `tango://127.0.0.1:${port}/lab/many/1/${member}#dbase=no`;
    const signals = Array.from({ length: NUMBER }, (_, i) => tangoSignalR(Number, trl(`n${i}`)));
    const image = tangoSignalR(null, trl("picture_now"));
    const pixels = (value: unknown) => (value as readonly Uint8Array[]).reduce((sum, row) => sum + row.length, 0);
    const ours = await measured(signals, image, pixels, undefined);
    // Signals that are read together are one call for us, whoever reads them.
    return rows(
      "Tango",
      "PyTango",
      { ...ours, single: ours.reads ?? Number.NaN },
      await peerOf("tango", `127.0.0.1:${port}`),
    );
  } finally {
    await stop();
  }
}

export async function benchMixed(): Promise<BenchRow[]> {
  return [...(await benchEpics()), ...(await benchTango())];
}
