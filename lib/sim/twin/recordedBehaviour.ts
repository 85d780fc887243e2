/** Finds how a node behaved in a recording, for a twin that behaves like it. */

import { formatJson } from "../../json";
import { noiseOf } from "../../rerun/format/index";
import type { ModuleDescription, NodeDescription, ParameterDescription } from "../../secop/description/description";
import { moveSpeed } from "../../secop/description/moveSpeed";
import { isBusy } from "../../secop/values/moduleStatus";
import {
  type CommandAnswer,
  isBusyStatus,
  type ModuleBehaviour,
  type NodeBehaviour,
  statusOnWire,
} from "../modules/moduleBehaviour";
import { ParameterHistory, type RecordedNumber, startsOf } from "./parameterHistory";
import { RecordedFollowers } from "./recordedFollowers";
import { median, moveBehaviour, type RecordedStart } from "./recordedMoves";
import type { RecordedNode, RecordedReport } from "./recordedNode";

/** Errors by which a node refuses a value, whatever it is doing. */
const REFUSES = new Set(["RangeError", "WrongType", "BadValue", "Impossible"]);
/** Seconds after an answer in which an update belongs to the answer, and not to a poll. */
const ECHO = 0.02;
/** With at least this many readings, noise is found in all of them, else between the movements. */
const MANY_READINGS = 20;
/** The fewest readings in which noise is found. */
const FEW_READINGS = 8;
/** A smaller deviation, relative to the value, is rounding and not noise. */
const ROUNDING = 1e-9;

/**
 * How the modules of a node behaved while it was recorded. The work is done in pieces, between which this
 * process handles messages and interrupts.
 */
export async function recordedBehaviour(description: NodeDescription, recorded: RecordedNode): Promise<NodeBehaviour> {
  const modules = new Map<string, ModuleBehaviour>();
  const followers = new RecordedFollowers(description, recorded);
  for (const module of description.modules.values())
    modules.set(module.name, await behaviourOf(module, recorded, followers));
  const { identity } = recorded;
  return { modules, ...(identity !== undefined && { identity }) };
}

async function behaviourOf(
  module: ModuleDescription,
  recorded: RecordedNode,
  followers: RecordedFollowers,
): Promise<ModuleBehaviour> {
  const history = new ParameterHistory(module, recorded);
  const starts = startsOf(module, recorded, history);
  const start = new Map<string, unknown>();
  const noise = new Map<string, number>();
  for (const accessible of module.accessibles.values()) {
    if (accessible.kind !== "parameter") continue;
    const first = history.reports(accessible.name)[0];
    if (first) start.set(accessible.name, first.value);
    const size = noiseOfReadings(accessible, history, starts);
    if (size > 0) noise.set(accessible.name, size);
  }
  const statuses = history.reports("status");
  const idle = statuses.map(({ value }) => statusOnWire(value)).findLast((words) => words && !isBusy(words[0]));
  const pollPeriod = periodOf(history.reports("value"));
  const move = moveBehaviour({
    starts,
    statuses,
    values: history.numbers("value"),
    speedAt: (time) =>
      moveSpeed({
        datainfo: (name) => history.datainfo(name),
        value: (name) => history.at(name, time),
      }),
  });
  return {
    start,
    noise,
    ...(idle && { idle }),
    ...(pollPeriod !== undefined && { pollPeriod }),
    ...(move && { move }),
    follows: await followers.of(module, starts.length > 0),
    commands: commandsOf(module, recorded),
    refusals: refusalsOf(module, recorded),
  };
}

/**
 * The noise of a measured parameter; a parameter that is set or follows a target has none. Among few readings
 * the steps of a movement would look like noise, so only the readings between movements are used then.
 */
function noiseOfReadings(
  { name, readonly }: ParameterDescription,
  history: ParameterHistory,
  starts: readonly RecordedStart[],
): number {
  if (!readonly || name === "setpoint") return 0;
  const all = history.numbers(name);
  const groups = all.length >= MANY_READINGS ? [all] : betweenMovements(all, history, starts);
  const sizes = groups
    .filter((group) => group.length >= FEW_READINGS)
    .map((group) => noiseOf(group.map(({ value }) => value)));
  const size = median(sizes) ?? 0;
  const largest = all.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  return size > ROUNDING * largest ? size : 0;
}

/** The readings of a module at rest, one group for each time between two movements. */
function betweenMovements(
  readings: readonly RecordedNumber[],
  history: ParameterHistory,
  starts: readonly RecordedStart[],
): RecordedNumber[][] {
  const groups: RecordedNumber[][] = starts.map(() => []);
  for (const reading of readings) {
    if (isBusyStatus(history.wireAt("status", reading.at))) continue;
    const movement = starts.filter(({ sentAt }) => sentAt <= reading.at).length;
    groups[movement] = [...(groups[movement] ?? []), reading];
  }
  return groups;
}

/** Seconds between two polls; undefined if there are too few updates. */
function periodOf(reports: readonly RecordedReport[]): number | undefined {
  let answered = Number.NEGATIVE_INFINITY;
  const polls: number[] = [];
  for (const { at, isUpdate } of reports) {
    if (!isUpdate) answered = at;
    else if (at - answered > ECHO) polls.push(at);
  }
  const gaps = polls.slice(1).map((at, i) => at - (polls[i] ?? 0));
  return gaps.length < 3 ? undefined : median(gaps.filter((gap) => gap > 0));
}

function commandsOf(module: ModuleDescription, { calls }: RecordedNode): Map<string, CommandAnswer[]> {
  const commands = new Map<string, CommandAnswer[]>();
  for (const { action, specifier, value, answeredAt, result, error } of calls) {
    const [owner, name = ""] = specifier.split(":");
    if (action !== "do" || owner !== module.name || answeredAt === undefined) continue;
    const argument = value === undefined ? "" : formatJson(value);
    const answer: CommandAnswer = error ? { argument, error } : { argument, result };
    commands.set(name, [...(commands.get(name) ?? []), answer]);
  }
  return commands;
}

/** The values that were refused and never accepted. */
function refusalsOf(module: ModuleDescription, { calls }: RecordedNode): ModuleBehaviour["refusals"] {
  const refusals = new Map<string, Map<string, { code: string; text: string }>>();
  const changes = calls.filter(
    ({ action, specifier }) => action === "change" && specifier.startsWith(`${module.name}:`),
  );
  const accepted = new Set(
    changes.filter(({ error }) => !error).map(({ specifier, value }) => `${specifier} ${formatJson(value)}`),
  );
  for (const { specifier, value, error } of changes) {
    const json = formatJson(value);
    if (!error || !REFUSES.has(error.code) || accepted.has(`${specifier} ${json}`)) continue;
    const name = specifier.slice(module.name.length + 1);
    const known = refusals.get(name) ?? new Map();
    known.set(json, error);
    refusals.set(name, known);
  }
  return refusals;
}
