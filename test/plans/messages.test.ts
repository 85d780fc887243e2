/**
 * Compares the messages of our plans with those of bluesky itself, which
 * test/peers/bluesky/messages.py runs for the same cases.
 */

import { expect } from "chai";
import type { Msg, Plan } from "../../lib/core/protocols/msg";
import * as secopLab from "../../lib/index";
import { bp, bpp, bps, planPatterns } from "../../lib/plans";
import { runPython } from "../peers/peers";
import { expectClose, tidyMetadata } from "../support/compareWithBluesky";
import { type SoftDevices, softDevices } from "../support/softDevices";
import { planCases } from "./planCases";
import { preprocessorCases } from "./preprocessorCases";
import { stubCases } from "./stubCases";

const CASES: Record<string, (d: SoftDevices) => Plan> = { ...planCases, ...stubCases, ...preprocessorCases };
/** The number of messages after which a plan without an end is cut off. */
const MOST = 400;

interface PlainMsg {
  command: string;
  obj: unknown;
  args: unknown;
  kwargs: Record<string, unknown>;
  run: unknown;
}

/** The answers that a RunEngine would give to the plan, as in messages.py. */
function answers(): (msg: Msg) => unknown {
  const inputs = ["0.5", "x"];
  let tokens = 0;
  return ({ command, obj, args }) => {
    const device = obj as Record<string, (...a: readonly unknown[]) => unknown>;
    if (["set", "read", "locate"].includes(command)) return device[command]?.(...args);
    if (command === "stage" || command === "unstage") return device.stage?.() ?? [];
    if (command === "open_run") return "uid";
    if (command === "wait" || command === "rewindable") return true;
    if (command === "subscribe") {
      tokens += 1;
      return tokens;
    }
    if (command === "input") return inputs.shift();
    return undefined;
  };
}

function messages(plan: Plan): PlainMsg[] {
  const answer = answers();
  const result: PlainMsg[] = [];
  let step = plan.next();
  while (!step.done && result.length < MOST) {
    const { command, obj, args, kwargs, run } = step.value;
    result.push({
      command,
      obj: plain(obj),
      args: plain(args),
      kwargs: plain(kwargs) as Record<string, unknown>,
      run,
    });
    step = plan.next(answer(step.value));
  }
  return result;
}

function plain(value: unknown): unknown {
  if (typeof value === "function") return "<function>";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("name" in value && "hints" in value) return `<${String(value.name)}>`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * Removes what may differ: the names of groups; the order in which motors are staged and
 * listed, where Python takes it from a set; how Python writes booleans, functions and whole
 * numbers; and how much of a delay is left to sleep.
 */
function normalised(list: readonly PlainMsg[]): unknown[] {
  const groups = new Map<unknown, string>();
  const groupName = (group: unknown) => {
    if (typeof group !== "string" || !/-|^[0-9a-f]{8}/.test(group)) return group;
    if (!groups.has(group)) groups.set(group, `group ${groups.size + 1}`);
    return groups.get(group);
  };
  const result = list.map(({ command, obj, args, kwargs, run }) => {
    const others = { ...kwargs };
    if ("group" in others) others.group = groupName(others.group);
    if (command === "open_run") tidyMetadata(others);
    const rounded = command === "sleep" ? [Math.round(2 * Number((args as unknown[])[0])) / 2] : args;
    if (command === "input") others.prompt = String(others.prompt).replaceAll(".0,", ",");
    return { command, obj, args: rounded, kwargs: others, run };
  });
  return sortStaging(result);
}

function sortStaging<M extends { command: string; obj: unknown }>(list: readonly M[]): M[] {
  const result: M[] = [];
  for (let i = 0; i < list.length; ) {
    let end = i + 1;
    const { command } = list[i] as M;
    if (command === "stage" || command === "unstage") while (list[end]?.command === command) end += 1;
    result.push(...list.slice(i, end).sort((a, b) => (String(a.obj) < String(b.obj) ? -1 : 1)));
    i = end;
  }
  return result;
}

/** Removes the question for the count time, which bluesky reads without a message. */
function withoutCountTime(list: readonly PlainMsg[]): readonly PlainMsg[] {
  return list.filter(({ command, obj }) => command !== "read" || obj !== "<timed-countTime>");
}

interface Peer {
  readonly messages: Record<string, PlainMsg[]>;
  /** What each module defines, with the numbers of parameters. */
  readonly names: Record<string, Record<string, number>>;
}

const peer: Peer = { messages: {}, names: {} };
let asked: Promise<void> | undefined;

/** Fills `peer`, once for all tests in this file. */
async function askBluesky(this: Mocha.Context): Promise<void> {
  this.timeout(120_000);
  asked ??= runPython("test/peers/bluesky/messages.py").then((json) => void Object.assign(peer, JSON.parse(json)));
  await asked;
}

describe("messages of plans compared with bluesky", () => {
  before(askBluesky);

  it("exist for the same cases as those of the Python script", () => {
    expect(Object.keys(CASES).sort()).to.deep.equal(Object.keys(peer.messages).sort());
  });

  for (const [name, make] of Object.entries(CASES)) {
    it(`are the same as bluesky's for ${name}`, () => {
      const ours = normalised(withoutCountTime(messages(make(softDevices()))));
      const theirs = normalised(peer.messages[name] ?? []);
      const commands = (list: readonly unknown[]) => list.map((msg) => (msg as PlainMsg).command);
      expect(commands(ours)).to.deep.equal(commands(theirs));
      expectClose(ours, theirs, name);
    });
  }
});

/** Where we have the names of a Python module. */
const OURS: Record<string, object> = {
  "bluesky.plans": bp,
  "bluesky.plan_stubs": bps,
  "bluesky.preprocessors": bpp,
  "bluesky.plan_patterns": planPatterns,
  "bluesky.simulators": secopLab,
  "bluesky.suspenders": secopLab,
};

/** The names that we do not have, and why. */
const DECIDED: Record<string, string> = {
  derive_default_hints: "it is a part of bluesky's scans; ours is in lib/plans/scans/planMetadata.ts",
  OuterProductArgsPattern: "it reads the arguments of grid_scan; ours are typed",
  classify_outer_product_args_pattern: "it reads the arguments of grid_scan; ours are typed",
  chunk_outer_product_args: "it reads the arguments of grid_scan; ours are typed",
  check_limits_async: "our checkLimits is asynchronous",
  SuspenderBase: "ours is called Suspender",
};

const camelCase = (name: string) =>
  name === "null" ? "null_" : name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

describe("names of bluesky", () => {
  before(askBluesky);

  it("all exist in camelCase, or there is a reason why not", () => {
    const missing = Object.entries(peer.names).flatMap(([module, names]) =>
      Object.keys(names).filter((name) => !(camelCase(name) in (OURS[module] ?? {})) && !(name in DECIDED)),
    );
    expect(Object.keys(peer.names)).to.deep.equal(Object.keys(OURS));
    expect(missing).to.deep.equal([]);
  });

  it("each have a case in the tables, and several if they take options", () => {
    const compared = ["bluesky.plans", "bluesky.plan_stubs", "bluesky.preprocessors"];
    const alias = /^(relative_|outer_product_scan|mov)|_decorator$/;
    const few = compared.flatMap((module) =>
      Object.entries(peer.names[module] ?? {})
        .filter(([name]) => !(name in DECIDED))
        .filter(([name, parameters]) => {
          const cases = Object.keys(CASES).filter((title) => title.split(" ")[0] === name).length;
          return cases < (parameters < 2 || alias.test(name) ? 1 : 2);
        })
        .map(([name]) => name),
    );
    expect(few).to.deep.equal([]);
  });
});
