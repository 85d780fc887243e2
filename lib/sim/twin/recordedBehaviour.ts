/** How a node behaved in a recording, for a twin that behaves like it. */

import { formatJson } from "../../json";
import { noiseOf } from "../../rerun/format/index";
import type { ModuleDescription, NodeDescription, ParameterDescription } from "../../secop/description/description";
import { moveSpeed } from "../../secop/description/moveSpeed";
import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import { isBusy } from "../../secop/values/moduleStatus";
import {
  type CommandAnswer,
  isBusyStatus,
  type ModuleBehaviour,
  type NodeBehaviour,
  statusWords,
} from "../modules/moduleBehaviour";
import { median, moveBehaviour, type RecordedStart } from "./recordedMoves";
import type { RecordedNode, RecordedReport } from "./recordedNode";

/** A number that was reported, and when. */
interface RecordedNumber {
  readonly at: number;
  readonly value: number;
}

/** Errors by which a node refuses a value, whatever it is doing. */
const REFUSES = new Set(["RangeError", "WrongType", "BadValue", "Impossible"]);
/** Seconds after an answer, in which an update belongs to that and not to a poll. */
const ECHO = 0.02;
/** From so many readings on, noise is found in all of them; with fewer than the second number, in none. */
const [MANY_READINGS, FEW_READINGS] = [20, 8];
/** What is smaller, relative to the value, is rounding and not noise. */
const ROUNDING = 1e-9;

export function recordedBehaviour(description: NodeDescription, recorded: RecordedNode): NodeBehaviour {
  const modules = new Map<string, ModuleBehaviour>();
  for (const module of description.modules.values()) modules.set(module.name, behaviourOf(module, recorded));
  const { identity } = recorded;
  return { modules, ...(identity !== undefined && { identity }) };
}

function behaviourOf(module: ModuleDescription, recorded: RecordedNode): ModuleBehaviour {
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
  const idle = statuses.map(({ value }) => statusWords(value)).findLast((words) => words && !isBusy(words[0]));
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
    commands: commandsOf(module, recorded),
    refusals: refusalsOf(module, recorded),
  };
}

/**
 * The noise of a parameter that is measured: what is set has none, nor has what follows a target. Among few
 * readings the steps of a movement would count as noise, so that then only those between two movements do.
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

/** The reports of the parameters of a module, decoded on request. */
class ParameterHistory {
  readonly #module: ModuleDescription;
  readonly #recorded: RecordedNode;

  constructor(module: ModuleDescription, recorded: RecordedNode) {
    this.#module = module;
    this.#recorded = recorded;
  }

  reports(name: string): readonly RecordedReport[] {
    return this.#recorded.reports.get(`${this.#module.name}:${name}`) ?? [];
  }

  datainfo(name: string): Datainfo | undefined {
    const accessible = this.#module.accessibles.get(name);
    return accessible?.kind === "parameter" ? accessible.datainfo : undefined;
  }

  /** A value of the wire in its own unit; undefined if it is of another type, as a redacted one is. */
  decoded(name: string, wire: unknown): unknown {
    const datainfo = this.datainfo(name);
    try {
      return datainfo && codecFor(datainfo).decode(wire);
    } catch {
      return undefined;
    }
  }

  numbers(name: string): RecordedNumber[] {
    return this.reports(name).flatMap(({ at, value: wire }) => {
      const value = this.decoded(name, wire);
      return typeof value === "number" ? [{ at, value }] : [];
    });
  }

  /** The value at a time. */
  at(name: string, time: number): unknown {
    return this.decoded(name, this.wireAt(name, time));
  }

  /** The same as on the wire. */
  wireAt(name: string, time: number): unknown {
    return this.reports(name).findLast(({ at }) => at <= time)?.value;
  }
}

/** What began a movement: `go` if the module has it, else a new target. */
function startsOf(module: ModuleDescription, { calls }: RecordedNode, history: ParameterHistory): RecordedStart[] {
  const begins = module.accessibles.has("go") ? `${module.name}:go` : `${module.name}:target`;
  const accepted = calls.filter((call) => call.specifier === begins && call.answeredAt !== undefined && !call.error);
  return accepted.map(({ sentAt, answeredAt, statusesBefore, result }) => {
    const goal = history.decoded("target", result);
    return { sentAt, answeredAt, statusesBefore, goal: typeof goal === "number" ? goal : undefined };
  });
}

/** Seconds between two updates; undefined if there are too few to say. */
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
