/** Units and limits of values in words: for class files, completion and displays. */

import type { CommandDescription } from "../secop/description/description";
import type { Datainfo } from "../secop/values/datainfo";
import { datainfoUnit } from "../secop/values/datainfoUnit";
import { physicalLimits } from "../secop/values/scale";

/**
 * Unit and limits of a number, or of the numbers in an array: "K, 0 to 325"; of a struct or tuple, those of
 * its members: "p: K, 0 to 1; i: s". Empty if there is nothing to say.
 *
 * @param main replaces "$" in units: the unit of the module's `value`.
 */
export function unitAndLimits(info: Datainfo, main: string): string {
  if (info.type === "array") return unitAndLimits(info.members, main);
  if (info.type === "struct" || info.type === "tuple") return memberQuantities(info.members, main);
  if (info.type === "string") return info.maxchars === undefined ? "" : `at most ${info.maxchars} characters`;
  if (info.type !== "double" && info.type !== "int" && info.type !== "scaled") return "";
  const { min, max } = physicalLimits(info);
  const bounds = [
    ...(min === undefined ? [] : [max === undefined ? `from ${min}` : `${min}`]),
    ...(max === undefined ? [] : [`to ${max}`]),
  ].join(" ");
  return [datainfoUnit(info, main), bounds].filter((part) => part !== "").join(", ");
}

/** Units and limits of the argument and the result of a command: "argument: K, 0 to 325". */
export function quantities({ argument, result }: CommandDescription, main: string): string[] {
  const parts = [
    ["argument", argument && unitAndLimits(argument, main)],
    ["result", result && unitAndLimits(result, main)],
  ];
  return parts.flatMap(([part, words]) => (words ? [`${part}: ${words}`] : []));
}

function memberQuantities(members: Readonly<Record<string, Datainfo>> | readonly Datainfo[], main: string): string {
  return Object.entries(members)
    .map(([name, member]): [string, string] => [
      Array.isArray(members) ? `[${name}]` : name,
      unitAndLimits(member, main),
    ])
    .filter(([, words]) => words !== "")
    .map(([name, words]) => `${name}: ${words}`)
    .join("; ");
}
