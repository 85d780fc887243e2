/** Numbers that follow a driven one: found in recordings, and in what a description says clearly. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { startRecording } from "../../lib/rerun";
import { nodeKey, type Recording } from "../../lib/rerun/format";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { coolingPower } from "../../lib/sim/physics/cryostat";
import { simulate } from "../../lib/sim/simulate";
import { startSimNode } from "../../lib/sim/startSimNode";
import { twinParts } from "../../lib/sim/twin";
import { recordedBehaviour } from "../../lib/sim/twin/recordedBehaviour";
import { recordedNode } from "../../lib/sim/twin/recordedNode";
import { LineClient } from "./server/lineClient";

/** Simulated seconds per second of the recorded node. */
const SPEED = 30;

describe("a twin of a recorded cryostat with a thermometer and a heater", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "followers-"));
  const path = join(folder, "cryo.rec");
  after(() => rmSync(folder, { recursive: true }));

  before(async () => {
    await using node = await startSimNode({ speed: SPEED });
    const recording = startRecording(path);
    await drive(node.uri, [12, 20, 30, 25], async () => {}).finally(() => recording.close());
  });

  /** Goes to some temperatures, and looks at the node a while after each. */
  async function drive(
    uri: string,
    targets: readonly number[],
    look: (node: DynamicNode, at: number) => Promise<void>,
  ) {
    const node: DynamicNode = new SecopNodeDevice(uri, { name: "lab" });
    await node.connect();
    try {
      await node.cryo.ramp.set(60);
      for (const target of targets) {
        await node.cryo.set(target);
        await setTimeout(400);
        await look(node, target);
      }
    } finally {
      await node.dispose();
    }
  }

  const followsIn = async (module: string) => (await twinParts(path)).behaviour?.modules.get(module)?.follows;

  it("knows what followed, with its lag, and what did not", async () => {
    const value = (await followsIn("sensor"))?.get("value");
    expect(value?.leader).to.equal("cryo:value");
    // The sample comes 1.75 to 2.25 s after the stage: see physics/cryostat.
    expect((value?.lag ?? 0) * SPEED).to.be.within(1.3, 2.8);
    expect(value?.isStraight).to.equal(true);
    expect((await followsIn("heater"))?.get("value")?.leader).to.equal("cryo:value");
    for (const other of ["magnet", "gas", "oxygen", "types"])
      expect([...((await followsIn(other)) ?? [])]).to.deep.equal([]);
  });

  it("reads what the node would, also at temperatures between and beyond the recorded ones", async () => {
    await using twin = await simulate(path);
    await drive(twin.uri, [15, 28, 34], async ({ sensor, heater }, target) => {
      expect(await sensor.value.getValue()).to.be.closeTo(target, 0.15);
      if (target > 30) return;
      const resistance = 100 + 7300 / target;
      expect(await sensor.resistance.getValue()).to.be.closeTo(resistance, 0.03 * resistance);
      const power = coolingPower(target);
      expect(await heater.value.getValue()).to.be.closeTo(power, 0.3 * power);
    });
  });
});

describe("a number of a recorded node", () => {
  const double = { type: "double" };
  const description = parseDescription({
    equipment_id: "made",
    modules: {
      t: {
        interface_classes: ["Writable"],
        accessibles: { value: { datainfo: double, readonly: true }, target: { datainfo: double, readonly: false } },
      },
      r: {
        interface_classes: ["Readable"],
        accessibles: { value: { datainfo: double, readonly: true }, _other: { datainfo: double, readonly: true } },
      },
    },
  });

  /** What follows where `t` was driven and `r` was reported as given, once a second. */
  async function follows(seconds: number, at: (second: number) => Record<string, number>) {
    const lines: Recording["lines"][number][] = [];
    const add = (time: number, sign: ">" | "<" | "+", text: string) =>
      void lines.push({ at: time, sign, connection: 1, text } as Recording["lines"][number]);
    add(0, "+", "localhost:1");
    let target: number | undefined;
    for (let second = 0; second < seconds; second += 1) {
      const { "t:target": wanted, ...values } = at(second);
      if (wanted !== target) {
        add(second, ">", `change t:target ${wanted}`);
        add(second, "<", `changed t:target [${wanted}, {}]`);
        target = wanted;
      }
      for (const [name, value] of Object.entries(values)) add(second + 0.1, "<", `update ${name} [${value}, {}]`);
    }
    const recorded = await recordedNode({ lines } as unknown as Recording, nodeKey("localhost:1"));
    return (await recordedBehaviour(description, recorded)).modules.get("r")?.follows ?? new Map();
  }

  /** Up and down between 0 and 10, a step each 10 s. */
  const stairs = (second: number) => [0, 4, 10, 7, 2, 5, 9, 1][Math.floor(second / 10) % 8] as number;
  /** Numbers without any relation to the others. */
  const noise = (second: number) => ((second * 7919) % 97) / 97;

  it("that repeats a target is its echo", async () => {
    const found = await follows(80, (s) => ({ "t:target": stairs(s), "t:value": stairs(s), "r:value": stairs(s) }));
    expect(found.get("value")).to.deep.equal({
      leader: "t:target",
      lag: 0,
      points: [
        [0, 0],
        [1, 1],
      ],
      isStraight: true,
    });
  });

  it("stays flat if it has nothing to do with what was driven, or has not changed", async () => {
    const found = await follows(200, (s) => ({
      "t:target": stairs(s),
      "t:value": stairs(s),
      "r:value": noise(s),
      "r:_other": 3,
    }));
    expect([...found]).to.deep.equal([]);
  });

  it("stays flat if nothing was driven, or too little was recorded", async () => {
    expect([...(await follows(200, (s) => ({ "t:target": 1, "t:value": 1, "r:value": s })))]).to.deep.equal([]);
    expect([
      ...(await follows(6, (s) => ({ "t:target": s, "t:value": s, "r:value": 2 * s + noise(s) }))),
    ]).to.deep.equal([]);
  });

  it("follows in spite of its noise, on a line or on a curve", async () => {
    const found = await follows(200, (s) => ({
      "t:target": stairs(s),
      "t:value": stairs(s),
      "r:value": 3 - 2 * stairs(s) + 0.5 * noise(s),
      "r:_other": (stairs(s) - 5) ** 2 + 0.5 * noise(s),
    }));
    const [line, curve] = [found.get("value"), found.get("_other")];
    expect(line?.isStraight).to.equal(true);
    expect(line?.points[1]?.[1]).to.be.closeTo(3 - 20 + 0.25, 0.2);
    expect(curve?.isStraight).to.equal(false);
    expect(curve?.points[0]?.[1]).to.be.closeTo(25 + 0.25, 0.3);
  });
});

describe("the followers of a large recording", () => {
  it("are found in pieces, so that a notebook goes on meanwhile", async () => {
    const COUNT = 40;
    const double = { type: "double" };
    const value = { datainfo: double, readonly: true };
    const sensors = Array.from({ length: COUNT }, (_, i) => [`s${i}`, { accessibles: { value } }]);
    const t = { accessibles: { value, target: { datainfo: double, readonly: false } } };
    const description = parseDescription({ modules: { t, ...Object.fromEntries(sensors) } });
    const lines: Recording["lines"][number][] = [];
    const add = (at: number, sign: ">" | "<" | "+", text: string) =>
      void lines.push({ at, sign, connection: 1, text } as Recording["lines"][number]);
    add(0, "+", "localhost:1");
    for (let second = 0; second < 400; second += 1) {
      const target = [0, 4, 10, 7, 2][Math.floor(second / 20) % 5] as number;
      if (second % 20 === 0) add(second, ">", `change t:target ${target}`);
      if (second % 20 === 0) add(second, "<", `changed t:target [${target}, {}]`);
      add(second, "<", `update t:value [${target}, {}]`);
      for (let i = 0; i < COUNT; i += 1)
        add(second, "<", `update s${i}:value [${target * i + Math.sin(second * i)}, {}]`);
    }
    let turns = 0;
    let isRunning = true;
    const count = (): void => {
      turns += 1;
      if (isRunning) setImmediate(count);
    };
    count();
    const recorded = await recordedNode({ lines } as unknown as Recording, nodeKey("localhost:1"));
    const { modules } = await recordedBehaviour(description, recorded);
    isRunning = false;
    const found = [...modules.values()].filter(({ follows }) => follows.size > 0);
    expect(found.length).to.be.at.least(COUNT - 3);
    expect(turns).to.be.at.least(COUNT);
  });
});

describe("a twin of a description", () => {
  const module = (function_: string, unit: string, target: boolean) => ({
    interface_classes: [target ? "Drivable" : "Readable"],
    meaning: [function_, 20],
    accessibles: {
      value: { datainfo: { type: "double", unit }, readonly: true },
      ...(target && { target: { datainfo: { type: "double", unit }, readonly: false } }),
    },
  });

  async function readingAfter(modules: object, before = modules): Promise<number> {
    await using twin = await simulate({ modules: before });
    if (before !== modules) twin.redescribe({ modules });
    const client = await LineClient.open(twin.port);
    expect(await client.ask("change loop:target 7")).to.match(/^changed/);
    const reply = await client.ask("read sensor:value");
    client.close();
    return JSON.parse(reply.slice("reply sensor:value ".length))[0];
  }

  const [loop, sensor] = [module("temperature_regulation", "K", true), module("temperature", "K", false)];

  it("has a sensor that follows the one module that regulates its quantity", async () => {
    expect(await readingAfter({ loop, sensor })).to.equal(7);
  });

  it("has such a sensor also after it was redescribed", async () => {
    expect(await readingAfter({ loop, sensor }, { loop })).to.equal(7);
  });

  it("has a flat sensor where the description does not say what it follows", async () => {
    expect(await readingAfter({ loop, other: loop, sensor })).to.equal(0);
    expect(await readingAfter({ loop, sensor: module("temperature", "degC", false) })).to.equal(0);
    expect(await readingAfter({ loop, sensor: module("pressure", "K", false) })).to.equal(0);
  });
});
