/**
 * An hour of a ramp with 60 parameters, recorded in seconds: node, client and recorder share a clock that
 * goes on as soon as all of them are at rest.
 */

import { statSync } from "node:fs";
import { realClock, useClock } from "../../lib/clock";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { makeRunEngine } from "../../lib/engine/runEngine";
import { rampScan } from "../../lib/plans";
import { ExactReplay, readRecording, startRecording } from "../../lib/rerun";
import { RestWatch } from "../../lib/rerun/replay/restWatch";
import { VirtualClock } from "../../lib/rerun/replay/virtualClock";
import { ProcessTwin } from "../../lib/rerun/twin";
import { useTransport } from "../../lib/secop/wire/transport";
import { IDENTITY } from "../../lib/sim/modules/followerNumber";
import type { ModuleBehaviour } from "../../lib/sim/modules/moduleBehaviour";

type Documents = readonly (readonly [name: string, doc: object])[];

/** The address in the recording; nobody listens there. */
const ADDRESS = "127.0.0.1:10767";
/** With the four parameters of the oven, the node has 60. */
const SENSORS = Array.from({ length: 56 }, (_, i) => `t${i + 1}`);

export interface RecordedHour {
  readonly documents: Documents;
  readonly path: string;
  /** Bytes as text, and as the packed file. */
  readonly bytes: number;
  readonly packed: number;
}

/** Records the hour. `period` is the time between two reports of each parameter, in seconds. */
export async function recordHour(path: string, period: number): Promise<RecordedHour> {
  return onFastClock(async () => {
    const twin = new ProcessTwin({ description: description(), behaviour: behaviour(period) });
    const restore = useTransport(() => twin.open);
    const recording = startRecording(path, { notice: () => {} });
    let documents: Documents;
    let bytes: number;
    try {
      documents = await measureHour();
    } finally {
      bytes = recording.bytes;
      recording.close();
      restore();
      twin.stop();
    }
    return { documents, bytes, path: recording.path, packed: statSync(recording.path).size };
  });
}

/** Replays it. @returns the documents, and what could be answered in one line */
export async function replayHour(path: string): Promise<{ readonly documents: Documents; readonly text: string }> {
  const exact = new ExactReplay(readRecording(path)).start();
  try {
    return { documents: await measureHour(), text: exact.text };
  } finally {
    exact.stop();
  }
}

async function measureHour(): Promise<Documents> {
  const documents: (readonly [string, object])[] = [];
  const node: DynamicNode = new SecopNodeDevice(ADDRESS, { name: "lab" });
  await node.connect();
  try {
    const RE = makeRunEngine();
    RE.subscribe((name, doc) => void documents.push([name, structuredClone(doc)]));
    await node.oven.ramp.set(1);
    const detectors = SENSORS.slice(0, 8).map((name) => node[name]);
    await RE(rampScan(detectors, node.oven, 80, { period: 10 }));
  } finally {
    await node.dispose();
  }
  return documents;
}

/** Runs work on a clock that goes on to the next timer whenever the process is at rest. */
async function onFastClock<T>(work: () => Promise<T>): Promise<T> {
  const clock = new VirtualClock(Math.floor(Date.now() / 1000));
  const restore = useClock(clock);
  const { now, monotonic } = realClock;
  // The recorder takes its times from the real clock, which is then that of the node.
  realClock.now = () => clock.now();
  realClock.monotonic = () => clock.monotonic();
  const rest = new RestWatch(clock);
  let isRunning = true;
  const loop = async (): Promise<void> => {
    while (isRunning) {
      await rest.reached();
      const timer = clock.next();
      if (!timer) await rest.change(true);
      else {
        clock.moveTo(timer.due);
        timer.fire();
      }
    }
  };
  const looping = loop();
  try {
    return await work();
  } finally {
    isRunning = false;
    rest.wake();
    await looping;
    Object.assign(realClock, { now, monotonic });
    restore();
  }
}

const K = { type: "double", unit: "K" };
const parameter = (datainfo: object, readonly: boolean) => ({ description: "", datainfo, readonly });

function description(): object {
  const status = { type: "tuple", members: [{ type: "enum", members: { IDLE: 100, BUSY: 300 } }, { type: "string" }] };
  const oven = {
    description: "an oven",
    interface_classes: ["Drivable"],
    accessibles: {
      value: parameter(K, true),
      status: parameter(status, true),
      target: parameter({ ...K, min: 0, max: 300 }, false),
      ramp: parameter({ type: "double", unit: "K/min", min: 0, max: 100 }, false),
      stop: { description: "", datainfo: { type: "command" } },
    },
  };
  const sensor = {
    description: "a sensor",
    interface_classes: ["Readable"],
    accessibles: { value: parameter(K, true) },
  };
  const modules = { oven, ...Object.fromEntries(SENSORS.map((name) => [name, sensor])) };
  return { equipment_id: "hour", description: "", modules };
}

/** Every parameter is reported once in `period`; the sensors follow the oven with noise. */
function behaviour(period: number) {
  const nothing = { commands: new Map(), refusals: new Map(), pollPeriod: period };
  const oven: ModuleBehaviour = {
    ...nothing,
    start: new Map<string, unknown>([
      ["value", 20],
      ["target", 20],
    ]),
    noise: new Map(),
    follows: new Map(),
  };
  const sensor: ModuleBehaviour = {
    ...nothing,
    start: new Map([["value", 20]]),
    noise: new Map([["value", 0.01]]),
    follows: new Map([["value", { leader: "oven:value", lag: 20, ...IDENTITY }]]),
  };
  return { modules: new Map([["oven", oven], ...SENSORS.map((name) => [name, sensor] as const)]) };
}
