// What the spec demands of a description beyond what one needs to read it.

import type { Accessible } from "./accessible";
import type { Datainfo } from "./datainfo";
import type { ModuleDescription, NodeDescription } from "./description";

type Described = Omit<NodeDescription, "problems">;
type Report = (problem: string) => void;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Names of accessibles the spec gives a meaning; all others begin with "_" (SECoP 1.0 to 2.0). */
const PREDEFINED = new Set([
  ...["value", "status", "target", "pollinterval", "ramp", "setpoint", "time_to_target", "mode", "offset"],
  ...["controlled_by", "control_active", "target_limits", "goal", "goal_enable", "roi", "unit", "loglevel", "use_ramp"],
  ...["ctrlpars", "stop", "go", "hold", "prepare", "shutdown", "abort", "reset", "clear_errors", "control_off"],
  ...["communicate", "get_data"],
]);
const POSTFIXES = /_(?:min|max|limits|enable)$/;

/** What each interface class must have. */
const DEMANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Communicator", []],
  ["Readable", ["value", "status"]],
  ["Writable", ["value", "status", "target"]],
  ["Drivable", ["value", "status", "target", "stop"]],
  ["AcquisitionController", ["status", "go"]],
  ["AcquisitionChannel", ["value", "status"]],
  ["Acquisition", ["value", "status", "go"]],
]);

/** Whatever violates the spec although it can be used, one line each, with its place. */
export function checkDescription(node: Described): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => problems.push(problem);
  checkNames([...node.modules.keys()], "the node's modules", report);
  checkCustom(node.properties.keys(), report);
  for (const module of node.modules.values()) checkModule(module, node, report);
  for (const { name, modules } of node.systems.values()) {
    for (const [role, target] of modules) {
      if (!node.modules.has(target) && !node.systems.has(target)) {
        report(`system ${name}: the role ${role} is no module or system: ${target}`);
      }
    }
  }
  return problems;
}

function checkModule(module: ModuleDescription, node: Described, report: Report): void {
  const { name, accessibles, interfaceClasses } = module;
  const here: Report = (problem) => report(`${name}: ${problem}`);
  checkNames([...accessibles.keys()], "accessibles", here);
  checkCustom(module.properties.keys(), here);
  const classes = interfaceClasses.filter((c) => DEMANDS.has(c));
  if (interfaceClasses.length > 0 && classes.length === 0) {
    here(`no interface class is known: ${interfaceClasses.join(", ")}`);
  }
  for (const wanted of DEMANDS.get(classes[0] ?? "") ?? []) {
    if (!accessibles.has(wanted)) here(`a ${classes[0]} has ${wanted}`);
  }
  for (const [role, channel] of module.acquisitionChannels ?? []) {
    if (!node.modules.has(channel)) here(`the acquisition channel ${role} is no module: ${channel}`);
  }
  if (classes[0] === "AcquisitionController" && !module.acquisitionChannels) here("it has no acquisition_channels");
  for (const accessible of accessibles.values()) {
    checkAccessible(accessible, (problem) => report(`${name}:${accessible.name}: ${problem}`));
  }
}

function checkAccessible(accessible: Accessible, report: Report): void {
  const { name } = accessible;
  if (!name.startsWith("_") && !PREDEFINED.has(name.replace(POSTFIXES, ""))) {
    report(`the name is not predefined, so it should begin with "_"`);
  }
  checkCustom(accessible.properties.keys(), report);
  if (accessible.kind === "command") {
    for (const info of [accessible.argument, accessible.result]) if (info) checkDatainfo(info, report);
    return;
  }
  const { datainfo } = accessible;
  checkDatainfo(datainfo, report);
  if (name === "status" && !isStatus(datainfo)) report("a status is a tuple of an enum and a string");
  if (name === "target" && accessible.readonly && accessible.constant === undefined) report("a target can be changed");
  if (accessible.constant !== undefined && !accessible.readonly) report("a constant is read-only");
}

function isStatus(info: Datainfo): boolean {
  return info.type === "tuple" && info.members[0]?.type === "enum" && info.members[1]?.type === "string";
}

function checkDatainfo(info: Datainfo, report: Report): void {
  const within: Report = (problem) => report(`datainfo: ${problem}`);
  const order = (low: number | undefined, high: number | undefined, names: string) => {
    if (low !== undefined && high !== undefined && low > high)
      within(`${names} are the wrong way round: ${low}, ${high}`);
  };
  switch (info.type) {
    case "double":
    case "scaled":
    case "int":
      order(info.min, info.max, "min and max");
      if (info.unit?.includes("$")) within(`"${info.unit}" is no unit, the node should have replaced the $`);
      if (info.fmtstr !== undefined && !/^%\.\d{1,2}[efg]$/.test(info.fmtstr))
        within(`fmtstr ${info.fmtstr} is unknown`);
      return;
    case "enum":
      if (Object.keys(info.members).length === 0) within("an enum has members");
      return;
    case "string":
      order(info.minchars, info.maxchars, "minchars and maxchars");
      return;
    case "blob":
      order(info.minbytes, info.maxbytes, "minbytes and maxbytes");
      return;
    case "array":
      order(info.minlen, info.maxlen, "minlen and maxlen");
      checkDatainfo(info.members, report);
      return;
    case "tuple":
      for (const member of info.members) checkDatainfo(member, report);
      return;
    case "struct":
      checkNames(Object.keys(info.members), "members", within);
      for (const member of Object.values(info.members)) checkDatainfo(member, report);
  }
}

/** Identifiers, which differ in more than the case of letters. */
function checkNames(names: readonly string[], what: string, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    if (!IDENTIFIER.test(name)) report(`${JSON.stringify(name)} is no identifier`);
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) report(`${what} differ only in upper and lower case: ${other}, ${name}`);
    seen.set(name.toLowerCase(), name);
  }
}

function checkCustom(names: Iterable<string>, report: Report): void {
  for (const name of names) {
    if (!name.startsWith("_")) report(`the property ${name} is not predefined, so it should begin with "_"`);
  }
}
