/** Compares the datainfo that code was written for with the datainfo of the live node. */

import {
  type Datainfo,
  type EnumInfo,
  type IntInfo,
  isWideInt,
  type StructInfo,
  type TupleInfo,
} from "../secop/values/datainfo";

/** The direction of values: `read` from the node to the code, `write` from the code to the node. */
export interface ValueFlow {
  readonly read: boolean;
  readonly write: boolean;
}

/** Called once per difference. `path` is the place inside the value, empty for the value itself. */
export type ReportChange = (severity: "incompatible" | "harmless", path: string, what: string) => void;

/** Reports how the live datainfo differs from the expected one, and whether that breaks code. */
export function compareDatainfo(expected: Datainfo, live: Datainfo, flow: ValueFlow, report: ReportChange): void {
  compareAt(expected, live, { flow, report, path: "" });
}

/** The place of a comparison inside the value. */
interface Place {
  readonly flow: ValueFlow;
  readonly report: ReportChange;
  readonly path: string;
}

const inside = (place: Place, step: string): Place => ({ ...place, path: place.path + step });

function compareAt(expected: Datainfo, live: Datainfo, place: Place): void {
  if (expected.type === "unknown") return;
  if (isNumeric(expected) && isNumeric(live)) compareNumbers(expected, live, place);
  else if (expected.type !== live.type) {
    place.report("incompatible", place.path, `is now ${live.type}, was ${expected.type}`);
  } else if (expected.type === "enum" && live.type === "enum") compareEnums(expected, live, place);
  else if (expected.type === "struct" && live.type === "struct") compareStructs(expected, live, place);
  else if (expected.type === "tuple" && live.type === "tuple") compareTuples(expected, live, place);
  else if (expected.type === "array" && live.type === "array") {
    compareAt(expected.members, live.members, inside(place, "[]"));
    compareRest({ ...expected, members: null }, { ...live, members: null }, "length", place);
  } else if (expected.type === "matrix" && live.type === "matrix") {
    const [was, is] = [expected, live].map((info) => `${info.names.length} dimensions of ${info.elementtype}`);
    if (was !== is) place.report("incompatible", place.path, `has now ${is}, had ${was}`);
  } else compareRest(expected, live, "limits", place);
}

type Numeric = Extract<Datainfo, { type: "double" | "scaled" | "int" }>;

const isNumeric = (info: Datainfo): info is Numeric =>
  info.type === "double" || info.type === "scaled" || info.type === "int";

function compareNumbers(expected: Numeric, live: Numeric, place: Place): void {
  const [was, is] = [expected.unit ?? "", live.unit ?? ""];
  if (was !== is) place.report("incompatible", place.path, `has now the unit ${quoted(is)}, had ${quoted(was)}`);
  const wasInt = expected.type === "int";
  const isInt = live.type === "int";
  const losesFractions = place.flow.write && !wasInt && isInt;
  const gainsBigints = place.flow.read && isInt && isWideInt(live) && !(wasInt && isWideInt(expected as IntInfo));
  if (losesFractions) place.report("incompatible", place.path, "takes only integers now");
  else if (gainsBigints) place.report("incompatible", place.path, "can be beyond 2^53 now: it may come as a bigint");
  else if (expected.type !== live.type) {
    place.report("harmless", place.path, `is now ${live.type}, was ${expected.type}`);
  }
  compareRest(beyondUnit(expected, live), beyondUnit(live, expected), "limits or resolution", place);
}

/** The other properties to compare: all for equal types, else the limits, but none if one is scaled. */
function beyondUnit(info: Numeric, other: Numeric): object {
  if (info.type === other.type) return { ...info, unit: undefined };
  return info.type === "scaled" || other.type === "scaled" ? {} : { min: info.min, max: info.max };
}

function compareEnums(expected: EnumInfo, live: EnumInfo, { flow, report, path }: Place): void {
  const gone = Object.keys(expected.members).filter((name) => live.members[name] === undefined);
  const fresh = Object.keys(live.members).filter((name) => expected.members[name] === undefined);
  if (gone.length > 0) report(flow.write ? "incompatible" : "harmless", path, `has no ${list(gone)} any more`);
  if (fresh.length > 0) report("harmless", path, `has ${list(fresh)} now`);
  for (const [name, number] of Object.entries(expected.members)) {
    const now = live.members[name];
    if (now !== undefined && now !== number)
      report("harmless", path, `has the number ${now} for ${quoted(name)}, had ${number}`);
  }
}

function compareStructs(expected: StructInfo, live: StructInfo, place: Place): void {
  const { flow, report } = place;
  const mandatory = (info: StructInfo, name: string) => !info.optional?.includes(name);
  for (const [name, member] of Object.entries(expected.members)) {
    const at = inside(place, `.${name}`);
    const now = live.members[name];
    if (!now) report("incompatible", at.path, "is gone");
    else {
      compareAt(member, now, at);
      if (flow.write && mandatory(live, name) && !mandatory(expected, name)) {
        report("incompatible", at.path, "must be given now");
      }
    }
  }
  for (const name of Object.keys(live.members)) {
    if (expected.members[name]) continue;
    const needed = flow.write && mandatory(live, name);
    report(
      needed ? "incompatible" : "harmless",
      inside(place, `.${name}`).path,
      needed ? "is new and must be given" : "is new",
    );
  }
}

function compareTuples(expected: TupleInfo, live: TupleInfo, place: Place): void {
  const [was, is] = [expected.members.length, live.members.length];
  if (was !== is) {
    place.report("incompatible", place.path, `has now ${is} elements, had ${was}`);
    return;
  }
  for (const [n, member] of expected.members.entries()) {
    const now = live.members[n];
    if (now) compareAt(member, now, inside(place, `[${n}]`));
  }
}

/** Reports differences that never break code, member by member: limits, resolutions, formats. */
function compareRest(expected: object, live: object, what: string, { report, path }: Place): void {
  const [was, is] = [new Map(Object.entries(expected)), new Map(Object.entries(live))];
  const changed = [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [before, now] = [was, is].map((info) => JSON.stringify(info.get(name)));
    return before === now ? [] : [`${name} ${now ?? "is gone"}, had ${before ?? "none"}`];
  });
  if (changed.length > 0) report("harmless", path, `has other ${what}: ${changed.join("; ")}`);
}

const quoted = (text: string): string => JSON.stringify(text);
const list = (names: readonly string[]): string => names.map(quoted).join(", ");
