/** The changes of a node since it was locked, in the words of class files: those that break code first. */

import { compareShape, type Difference, describeDifferences } from "../../codegen/drift";
import { oneLine } from "../../printable";
import type { NodeDescription } from "../../secop/description/description";
import { descriptionHash } from "../../secop/description/descriptionHash";
import { moduleNames } from "../../secop/description/memberName";
import { parseDescription } from "../../secop/description/parseDescription";
import { compareDescriptions, type DescriptionDifference } from "../verify/descriptionDifferences";
import type { NodeLock } from "./nodeLock";

/** One change of a node. */
export interface LockDifference {
  /** `module`, `module:accessible`, or `the node`. */
  readonly place: string;
  /** The end of a sentence that begins with the place. */
  readonly what: string;
  /** The module that has changed; undefined for the node as a whole. */
  readonly module: string | undefined;
  /** How code names that module; undefined for the node as a whole. */
  readonly member: string | undefined;
  /** Whether it may break code or change a measurement, or is only a text that people read. */
  readonly kind: "incompatible" | "harmless" | "text";
}

/** All that has changed since the node was locked; empty for the same description. */
export function lockDrift(lock: NodeLock, live: NodeDescription): LockDifference[] {
  if (descriptionHash(live.raw) === lock.descriptionSha256) return [];
  const expected = parseDescription(lock.description);
  const { incompatible, harmless } = compareShape(expected, live);
  const others = compareDescriptions(lock.description, live.raw).filter(({ path }) => !isPartOfShape(path));
  const inOtherWords = others.map(otherDifference);
  const names = moduleNames(new Set([...live.modules.keys(), ...expected.modules.keys()]));
  const found = [
    ...identityDifference(lock.equipmentId, live.equipment_id),
    ...incompatible.map((difference) => ofModule(difference, "incompatible")),
    ...harmless.map((difference) => ofModule(difference, "harmless")),
    ...inOtherWords.filter(({ kind }) => kind === "harmless"),
    ...inOtherWords.filter(({ kind }) => kind === "text"),
  ];
  return found.map((one) => ({ ...one, member: one.module === undefined ? undefined : names.get(one.module)?.member }));
}

type Found = Omit<LockDifference, "member">;

/** The differences as lines with two columns. */
export function lockDriftText(differences: readonly LockDifference[]): string {
  return describeDifferences(differences);
}

function identityDifference(before: string, now: string): Found[] {
  if (before === now) return [];
  const [is, was] = [now, before].map((id) => JSON.stringify(oneLine(id)));
  const what = `is another one: its equipment_id is ${is}, was ${was}`;
  return [{ place: "the node", what, module: undefined, kind: "incompatible" }];
}

function ofModule({ place, what }: Difference, kind: "incompatible" | "harmless"): Found {
  return { place, what, module: place.split(":", 1)[0], kind };
}

/** Properties of modules and accessibles that the comparison of shapes judges. */
const SHAPE = new Set(["datainfo", "readonly", "constant", "interface_classes", "acquisition_channels"]);

/** Whether the comparison of shapes judges the member at this path. */
function isPartOfShape(path: readonly string[]): boolean {
  const [modules, , second, , third] = path;
  if (path.length === 1 && modules === "equipment_id") return true;
  if (modules !== "modules") return false;
  if (second === undefined) return true;
  if (second !== "accessibles") return SHAPE.has(second);
  return third === undefined || SHAPE.has(third);
}

function otherDifference({ path, text, isText }: DescriptionDifference): Found {
  const [modules, module] = path;
  const isOfModule = modules === "modules" && module !== undefined;
  // The words of descriptions are `place: property 1 then, 2 now`, and `place has property now: 2`.
  const [, place = "", what = ""] = /^(the node|the module \S+|\S+?):? (.*)$/s.exec(text) ?? [];
  return { place, what, module: isOfModule ? module : undefined, kind: isText ? "text" : "harmless" };
}
