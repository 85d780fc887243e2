/** Compares the modules that a class file was generated from with the modules of the live node. */

import { oneLine } from "../printable";
import { isSettable } from "../secop/description/accessible";
import type { Accessible, ModuleDescription, NodeDescription } from "../secop/description/description";
import { canReplace, interfaceClassOf } from "../secop/description/interfaceClass";
import type { Datainfo } from "../secop/values/datainfo";
import { compareDatainfo, type ReportChange } from "./datainfoDrift";

/**
 * How a class is compared with the node: `strict` demands every member, `subset` tolerates missing modules
 * and accessibles but reports them, and `off` does not compare.
 */
export type Verification = "strict" | "subset" | "off";

/** One difference between what was expected and the node. */
export interface Difference {
  /** The place as `module`, `module:accessible` or `module:accessible.member`. */
  readonly place: string;
  /** The difference, as the end of a sentence that begins with the place. */
  readonly what: string;
}

/** All differences between the class and the node. */
export interface Drift {
  /** Differences that break code written for the class. */
  readonly incompatible: readonly Difference[];
  /** Differences that break no code, but that the user should know. */
  readonly harmless: readonly Difference[];
}

type Modules = Pick<NodeDescription, "modules">;

/** Compares the modules that a class was generated from with those of the live node. */
export function compareShape(expected: Modules, live: Modules, verification: Verification = "strict"): Drift {
  const drift = { incompatible: [] as Difference[], harmless: [] as Difference[] };
  if (verification === "off") return drift;
  const gone = verification === "subset" ? drift.harmless : drift.incompatible;
  for (const module of expected.modules.values()) {
    const now = live.modules.get(module.name);
    if (now) compareModules(module, now, drift, gone);
    else gone.push({ place: module.name, what: "is not a module of this node" });
  }
  for (const name of live.modules.keys()) {
    if (!expected.modules.has(name)) {
      drift.harmless.push({ place: name, what: "is a new module" });
    }
  }
  return drift;
}

/** No limit of characters: long names are never cut, so that the user can find them. */
const WHOLE = Number.POSITIVE_INFINITY;

/** The differences as lines with two columns. */
export function describeDifferences(differences: readonly Difference[]): string {
  const lines = differences.map(({ place, what }) => [oneLine(place, WHOLE), oneLine(what, WHOLE)] as const);
  const width = Math.min(40, Math.max(...lines.map(([place]) => place.length)));
  return lines.map(([place, what]) => `  ${place.padEnd(width)}  ${what}`).join("\n");
}

/** The code that generates the class file again. */
export function regenerateLine(uri: string, file: string): string {
  return `await generateClasses(${JSON.stringify(uri)}, { file: ${JSON.stringify(file)} })`;
}

/** A `Drift` that is being filled. */
interface OpenDrift {
  readonly incompatible: Difference[];
  readonly harmless: Difference[];
}

function compareModules(
  expected: ModuleDescription,
  live: ModuleDescription,
  drift: OpenDrift,
  gone: Difference[],
): void {
  const [was, is] = [interfaceClassOf(expected), interfaceClassOf(live)];
  if (was !== is) {
    const severity = canReplace(is, was) ? drift.harmless : drift.incompatible;
    severity.push({ place: expected.name, what: `is now ${is}, was ${was}` });
  }
  compareChannels(expected, live, drift, gone);
  for (const accessible of expected.accessibles.values()) {
    const place = `${expected.name}:${accessible.name}`;
    const now = live.accessibles.get(accessible.name);
    if (now) compareAccessibles(accessible, now, place, drift);
    else gone.push({ place, what: "is gone" });
  }
  for (const name of live.accessibles.keys()) {
    if (expected.accessibles.has(name)) continue;
    drift.harmless.push({ place: `${expected.name}:${name}`, what: "is new" });
  }
}

/** Compares the channels of an acquisition controller by their roles. */
function compareChannels(
  { name, acquisition_channels: expected }: ModuleDescription,
  { acquisition_channels: live }: ModuleDescription,
  drift: OpenDrift,
  gone: Difference[],
): void {
  for (const role of expected?.keys() ?? []) {
    if (!live?.has(role)) gone.push({ place: name, what: `has no channel ${JSON.stringify(role)} any more` });
  }
  for (const role of live?.keys() ?? []) {
    if (!expected?.has(role)) drift.harmless.push({ place: name, what: `has a channel ${JSON.stringify(role)} now` });
  }
}

function compareAccessibles(expected: Accessible, live: Accessible, place: string, drift: OpenDrift): void {
  const reporter = (part: string): ReportChange => {
    return (severity, path, what) => drift[severity].push({ place: place + part + path, what });
  };
  if (expected.kind === "command" && live.kind === "command") {
    comparePart("argument", expected.argument, live.argument, reporter);
    comparePart("result", expected.result, live.result, reporter);
  } else if (expected.kind === "parameter" && live.kind === "parameter") {
    const [write, canWrite] = [isSettable(expected), isSettable(live)];
    if (write && !canWrite) drift.incompatible.push({ place, what: "can only be read now" });
    if (!write && canWrite) drift.harmless.push({ place, what: "can be set now" });
    compareDatainfo(expected.datainfo, live.datainfo, { read: true, write }, reporter(""));
  } else drift.incompatible.push({ place, what: `is now a ${live.kind}, was a ${expected.kind}` });
}

/** Compares the argument or the result of a command. */
function comparePart(
  part: "argument" | "result",
  expected: Datainfo | null,
  live: Datainfo | null,
  reporter: (part: string) => ReportChange,
): void {
  const isArgument = part === "argument";
  const report = reporter("");
  if (expected && live) {
    compareDatainfo(expected, live, { read: !isArgument, write: isArgument }, reporter(` (${part})`));
  } else if (expected) report("incompatible", "", `has no ${part} any more`);
  else if (live && isArgument) report("incompatible", "", "needs an argument now");
  else if (live) report("harmless", "", "has a result now");
}
