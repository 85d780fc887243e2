/** The differences between the documents of two sessions: plans, ends, columns, configuration, numbers. */

import { isDeepStrictEqual } from "node:util";
import { counted } from "../../display/number";
import type { Event, EventDescriptor, RunStart, RunStop } from "../../engine/documents/documents";
import { oneLine } from "../../printable";
import { checkTolerances, columnDifference } from "./columnDifference";
import { shownValue } from "./differenceText";
import { refuseSimulatedRun } from "./refuseSimulated";

/** A document with its name. */
export type NamedDocument = readonly [name: string, doc: object];

/** How two runs are compared. */
export interface RunComparison {
  /**
   * The allowed difference of a column, by its name. Others: 0 if `exact`, else by their digits and noise.
   */
  readonly tolerances?: Readonly<Record<string, number>>;
  /** Whether numbers must be equal, as in a replay. */
  readonly exact: boolean;
}

/** The documents of one run. */
interface Run {
  readonly start: RunStart;
  readonly streams: Map<string, { readonly descriptor: EventDescriptor; readonly events: Event[] }>;
  stop: RunStop | undefined;
}

/**
 * The differences, one line each, a cause before its effects. Times and uids are not compared.
 *
 * @throws UsageError if a run was made with a simulated twin of a node, or if no run has the column of a
 * tolerance
 */
export function runDifferences(before: readonly NamedDocument[], after: readonly NamedDocument[], how: RunComparison) {
  const [then, now] = [runsOf(before), runsOf(after)];
  for (const { start } of [...then, ...now]) refuseSimulatedRun(start);
  checkTolerances(how.tolerances ?? {}, [...before, ...after]);
  const found: string[] = [];
  if (then.length !== now.length) found.push(`${counted(then.length, "run")} then, ${now.length} now`);
  for (const [index, run] of then.entries()) {
    const other = now[index];
    if (other) compareRuns(`run ${index + 1} (${oneLine(String(run.start.plan_name))})`, run, other, how, found);
  }
  return found;
}

/** The programs and packages whose versions differ, by the start documents of the runs. */
export function versionDifferences(before: readonly NamedDocument[], after: readonly NamedDocument[]): string[] {
  const [then, now] = [versionsIn(before), versionsIn(after)];
  if (then.size === 0 || now.size === 0) return [];
  return [...new Set([...then.keys(), ...now.keys()])]
    .filter((name) => then.get(name) !== now.get(name))
    .map((name) => `${oneLine(name)} ${then.get(name) ?? "not used"} then, ${now.get(name) ?? "not used"} now`);
}

function versionsIn(documents: readonly NamedDocument[]): Map<string, string> {
  const starts = documents.filter(([name]) => name === "start").map(([, doc]) => doc as RunStart);
  const all = starts.flatMap(({ versions }) => Object.entries((versions ?? {}) as Readonly<Record<string, unknown>>));
  return new Map(all.map(([name, version]) => [name, oneLine(String(version), 40)]));
}

function runsOf(documents: readonly NamedDocument[]): Run[] {
  const runs = new Map<string, Run>();
  const streams = new Map<string, Event[]>();
  for (const [name, doc] of documents) {
    if (name === "start") {
      const start = doc as RunStart;
      runs.set(start.uid, { start, streams: new Map(), stop: undefined });
    } else if (name === "descriptor") {
      const descriptor = doc as EventDescriptor;
      const known = runs.get(descriptor.run_start)?.streams;
      const stream = known?.get(descriptor.name) ?? { descriptor, events: [] };
      known?.set(descriptor.name, stream);
      streams.set(descriptor.uid, stream.events);
    } else if (name === "event") streams.get((doc as Event).descriptor)?.push(doc as Event);
    else if (name === "stop") {
      const run = runs.get((doc as RunStop).run_start);
      if (run) run.stop = doc as RunStop;
    }
  }
  return [...runs.values()];
}

/** The members of a start document that describe the measurement. */
const PLAN = ["plan_name", "detectors", "motors", "num_points", "plan_args", "sample"] as const;

function compareRuns(what: string, then: Run, now: Run, how: RunComparison, found: string[]): void {
  for (const member of PLAN) {
    const [a, b] = [then.start[member as keyof RunStart], now.start[member as keyof RunStart]];
    if (!isDeepStrictEqual(a, b))
      found.push(`${what} is another plan: ${member} ${shownValue(a)} then, ${shownValue(b)} now`);
  }
  const [end, ending] = [then.stop, now.stop];
  if (end?.exit_status !== ending?.exit_status) {
    const reason = ending?.reason ? `: ${oneLine(ending.reason, 200)}` : "";
    found.push(`${what} ended as ${end?.exit_status ?? "nothing"}, now ${ending?.exit_status ?? "nothing"}${reason}`);
  }
  for (const name of new Set([...then.streams.keys(), ...now.streams.keys()])) {
    const [a, b] = [then.streams.get(name), now.streams.get(name)];
    const stream = `${what}, ${oneLine(name)}`;
    if (!a || !b) {
      found.push(`${stream}: ${a ? "is gone" : "is new"}`);
      continue;
    }
    compareKeys(stream, a.descriptor.data_keys, b.descriptor.data_keys, found);
    if (how.exact) compareConfiguration(stream, a.descriptor, b.descriptor, found);
    if (a.events.length !== b.events.length)
      found.push(`${stream}: ${counted(a.events.length, "event")} then, ${b.events.length} now`);
    for (const [key, dataKey] of Object.entries(a.descriptor.data_keys)) {
      if (!(key in b.descriptor.data_keys)) continue;
      const [before = [], after = []] = [a, b].map(({ events }) => events.map(({ data }) => data[key]));
      const difference = columnDifference(key, dataKey, before, after, how);
      if (difference !== undefined) found.push(`${stream}, ${difference}`);
    }
  }
}

function compareKeys(
  stream: string,
  then: EventDescriptor["data_keys"],
  now: EventDescriptor["data_keys"],
  found: string[],
): void {
  for (const key of new Set([...Object.keys(then), ...Object.keys(now)])) {
    // The casts allow the members of a data key to be compared by name.
    const [a, b] = [then[key] as unknown as Record<string, unknown>, now[key] as unknown as Record<string, unknown>];
    if (!a || !b) {
      found.push(`${stream}: the column ${oneLine(key)} is ${a ? "gone" : "new"}`);
      continue;
    }
    for (const member of ["units", "dtype", "shape", "limits", "choices", "source"]) {
      if (isDeepStrictEqual(a[member], b[member])) continue;
      found.push(`${stream}, ${oneLine(key)}: ${member} ${shownValue(a[member])} then, ${shownValue(b[member])} now`);
    }
  }
}

function compareConfiguration(stream: string, then: EventDescriptor, now: EventDescriptor, found: string[]): void {
  for (const [device, { data }] of Object.entries(then.configuration)) {
    for (const [key, value] of Object.entries(data)) {
      const other = now.configuration[device]?.data[key];
      if (!isDeepStrictEqual(value, other))
        found.push(`${stream}: configuration ${oneLine(key)} was ${shownValue(value)}, is ${shownValue(other)}`);
    }
  }
}
