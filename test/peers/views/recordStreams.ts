/**
 * Records the documents of runs for the goldens of all views:
 * `node --import=tsx test/peers/views/recordStreams.ts`. Those of bluesky are made by record_streams.py,
 * those of our engine here, on the simulated node.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { initDevices, SecopNodeDevice, type SignalR } from "../../../lib";
import type { Plan } from "../../../lib/core/protocols/msg";
import type { DocumentName } from "../../../lib/engine/documents/documents";
import type { RunEngine } from "../../../lib/engine/runEngineMembers";
import { createRunEngine } from "../../../lib/notebook";
import {
  absSet,
  closeRun,
  count,
  monitorDuringWrapper,
  openRun,
  scan,
  sleep,
  triggerAndRead,
  wait,
} from "../../../lib/plans";
import { SimDetector, SimMotor, startSimNode } from "../../../lib/sim";
import { peersPython, repository, runProgram } from "../peers";

const folder = join(repository, "test/live/streams");
const TIME = 1_795_000_000;
type Lines = (readonly [DocumentName, object])[];

/** Replaces what differs between two recordings: identifiers and times. */
class Same {
  readonly #names = new Map<unknown, string>();
  #time = TIME;

  document(document: object): unknown {
    this.#time += 0.25;
    const { versions, ...shown } = document as { readonly versions?: unknown };
    return JSON.parse(JSON.stringify(shown, (key, value: unknown) => this.#value(key, value)));
  }

  #value(key: string, value: unknown): unknown {
    if (key === "timestamps" || key === "configuration" || key === "provenance") return {};
    if (key === "time" && typeof value === "number") return this.#time;
    if (["uid", "run_start", "descriptor"].includes(key)) return this.#identifier(value);
    if (typeof value === "number") return Number.isFinite(value) ? Number(value.toPrecision(7)) : "NaN";
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  }

  #identifier(value: unknown): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `${String(this.#names.size + 1).padStart(8, "0")}-0000-4000-8000-000000000000`;
    this.#names.set(value, name);
    return name;
  }
}

async function record(name: string, run: (RE: RunEngine) => PromiseLike<unknown>): Promise<void> {
  const RE = createRunEngine({ live: false, store: false, scanIdSource: () => 1 });
  const lines: Lines = [];
  RE.subscribe((document, doc) => void lines.push([document, doc]));
  await Promise.resolve(run(RE)).catch(() => {});
  const same = new Same();
  const text = lines.map(([document, doc]) => JSON.stringify([document, same.document(doc)]));
  writeFileSync(join(folder, "ours", `${name}.jsonl`), `${text.join("\n")}\n`);
}

async function main(): Promise<void> {
  for (const each of ["ours", "bluesky"]) mkdirSync(join(folder, each), { recursive: true });
  const sim = await startSimNode({ speed: 40 });
  const { node } = await initDevices({ node: new SecopNodeDevice(sim.uri, { name: "lab" }) });
  const device = (name: string) => (node as unknown as Record<string, Record<string, SignalR>>)[name] ?? {};
  const { cryo, types } = { cryo: device("cryo"), types: device("types") };
  const readings = [cryo.value, cryo.target, cryo.status] as SignalR[];
  function* cooling(): Plan<void> {
    yield* openRun({ plan_name: "cooling" });
    for (const target of [10, 10.2]) {
      const arrived = yield* absSet(cryo as never, target);
      for (let i = 0; i < 4; i++) {
        yield* triggerAndRead(readings);
        yield* sleep(0.05);
      }
      yield* wait(arrived);
    }
    yield* closeRun();
  }
  await record("cooling", (RE) => RE(cooling()));
  await record("cryo", (RE) => RE(scan([device("heater") as never], cryo as never, 10, 10.4, 3)));
  const structs = [types.struct, types.tuple, types.enum, types.string] as SignalR[];
  await record("structs", (RE) => RE(count(structs, 4)));
  await record("monitors", (RE) => RE(monitorDuringWrapper(count([types as never], 3, 0.1), readings)));
  const x = new SimMotor("x");
  const det = new SimDetector("det", { motor: x, center: 1, height: 900, noise: "poisson", seed: 3 });
  const ended = (end: (RE: RunEngine) => Promise<unknown>) => (RE: RunEngine) => {
    let points = 0;
    RE.subscribe((name) => {
      if (name === "event" && ++points === 5) void end(RE).catch(() => {});
    });
    return RE(scan([det], x, -2, 4, 13));
  };
  await record(
    "aborted",
    ended((RE) => RE.abort("the beam is gone")),
  );
  await record(
    "stopped",
    ended((RE) => RE.stop()),
  );
  await node.dispose();
  await sim.close();
  const script = join(repository, "test/peers/views/record_streams.py");
  const { stderr, code } = await runProgram(peersPython(), [script, join(folder, "bluesky")], { cwd: repository });
  if (code !== 0) throw new Error(stderr);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
