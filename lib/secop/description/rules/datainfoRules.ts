/** The demands of the spec on a datainfo that the parser does not need (spec: "Data types"). */

import type { Datainfo, EnumInfo } from "../../values/datainfo";
import { checkDistinct, checkNames, type Report } from "./nameRules";

type Limits = readonly [low: number | undefined, high: number | undefined, names: string];

/** Reports the violations in a datainfo and its members; `report` adds the place. */
export function checkDatainfo(info: Datainfo, report: Report): void {
  const here: Report = (problem) => report(`datainfo: ${problem}`);
  const [low, high, names] = limitsOf(info);
  if (low !== undefined && high !== undefined && low > high) here(`${names} are the wrong way round: ${low}, ${high}`);
  if ("unit" in info && info.unit?.includes("$"))
    here(`"${info.unit}" is not a unit: the node should have replaced the $`);
  if ("fmtstr" in info && info.fmtstr !== undefined && !/^%\.[1-9]?\d[efg]$/.test(info.fmtstr))
    here(`fmtstr ${info.fmtstr} is unknown`);
  if (info.type === "enum") checkEnum(info, here);
  if (info.type === "struct") checkNames(Object.keys(info.members), "members", here);
  for (const member of membersOf(info)) checkDatainfo(member, report);
}

function limitsOf(info: Datainfo): Limits {
  switch (info.type) {
    case "double":
    case "scaled":
    case "int":
      return [info.min, info.max, "min and max"];
    case "string":
      return [info.minchars, info.maxchars, "minchars and maxchars"];
    case "blob":
      return [info.minbytes, info.maxbytes, "minbytes and maxbytes"];
    case "array":
      return [info.minlen, info.maxlen, "minlen and maxlen"];
    default:
      return [undefined, undefined, ""];
  }
}

function checkEnum({ members }: EnumInfo, report: Report): void {
  const names = new Map<number, string>();
  for (const [name, code] of Object.entries(members)) {
    const other = names.get(code);
    if (other !== undefined) report(`two members have the code ${code}: ${other}, ${name}`);
    names.set(code, name);
  }
  if (names.size === 0) report("an enum should have members");
  checkDistinct(Object.keys(members), "members", report);
}

function membersOf(info: Datainfo): readonly Datainfo[] {
  if (info.type === "array") return [info.members];
  if (info.type === "tuple") return info.members;
  return info.type === "struct" ? Object.values(info.members) : [];
}
