/** The demands of the spec on a description that `parseDescription` does not check. */

// Recommendations (SI units, headlines of 72 characters, integers of 24 bits) are not checked, because their
// reports would hide the important ones.

import { isDriving } from "../../values/moduleStatus";
import type { Accessible } from "../accessible";
import type { ModuleDescription, UncheckedDescription } from "../description";
import { demandedBy, highestClass, isInterfaceClass } from "../interfaceClass";
import { checkDatainfo } from "./datainfoRules";
import { checkMeaning } from "./meaningRules";
import { checkCustom, checkGroup, checkNames, lowercased, type Report } from "./nameRules";
import { misuse } from "./predefinedRules";

/** Every violation of the spec in a description that can be used, one line each, with its place. */
export function checkDescription(node: UncheckedDescription): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => problems.push(problem);
  checkNames([...node.modules.keys()], "the node's modules", report);
  const taken = lowercased(node.modules.keys());
  checkSystems(node, taken, report);
  checkCustom(node.properties.keys(), report);
  for (const url of node.schemata) if (!URL.canParse(url)) report(`schemata: ${JSON.stringify(url)} is not a URL`);
  for (const module of node.modules.values()) checkModule(module, node, taken, report);
  return problems;
}

function checkSystems(
  { systems, modules }: UncheckedDescription,
  moduleNames: ReadonlySet<string>,
  report: Report,
): void {
  checkNames([...systems.keys()], "systems", report);
  for (const system of systems.values()) {
    const here: Report = (problem) => report(`system ${system.name}: ${problem}`);
    if (moduleNames.has(system.name.toLowerCase())) here("a module has the same name");
    for (const [role, target] of system.modules) {
      if (!modules.has(target) && !systems.has(target)) here(`the role ${role} is not a module or system: ${target}`);
    }
  }
}

function checkModule(
  module: ModuleDescription,
  node: UncheckedDescription,
  moduleNames: ReadonlySet<string>,
  report: Report,
): void {
  const { name, accessibles, group, meaning } = module;
  const here: Report = (problem) => report(`${name}: ${problem}`);
  checkNames([...accessibles.keys()], "accessibles", here);
  checkCustom(module.properties.keys(), here);
  checkGroup(group, [moduleNames], here);
  checkMeaning(meaning, here);
  checkClasses(module, here);
  checkFeatures(module, here);
  checkChannels(module, node, here);
  const taken = [moduleNames, lowercased(accessibles.keys())];
  for (const accessible of accessibles.values()) {
    checkAccessible(accessible, module, taken, (problem) => report(`${name}:${accessible.name}: ${problem}`));
  }
}

function checkClasses({ interface_classes, accessibles }: ModuleDescription, report: Report): void {
  const highest = highestClass(interface_classes);
  const last = interface_classes.at(-1);
  if (last === undefined) return;
  if (highest === undefined) report(`no interface class is known: ${interface_classes.join(", ")}`);
  else if (!isInterfaceClass(last)) report(`the last interface class should be a known one, not ${last}`);
  if (highest !== undefined && interface_classes.find(isInterfaceClass) !== highest) {
    report(`the interface classes should begin with the highest, ${highest}: ${interface_classes.join(", ")}`);
  }
  for (const wanted of demandedBy(highest ?? "")) {
    if (!accessibles.has(wanted)) report(`${article(highest)} ${highest} should have ${wanted}`);
  }
  if (highest === "Drivable" && !canBeBusy(accessibles.get("status")))
    report("the status of a Drivable should have a code for BUSY (300 to 389)");
  const isRecorder = highest === "AcquisitionChannel" || highest === "Acquisition";
  if (isRecorder && interface_classes.find(isInterfaceClass) === highest && last !== "Readable")
    report(`the last interface class of ${article(highest)} ${highest} should be Readable`);
}

const article = (name: string | undefined) => (name?.startsWith("A") ? "an" : "a");

/**
 * Whether a status has a code for BUSY. True for a value that is not a status, since another rule
 * reports that.
 */
function canBeBusy(status: Accessible | undefined): boolean {
  const codes = status?.kind === "parameter" && status.datainfo.type === "tuple" ? status.datainfo.members[0] : null;
  return codes?.type !== "enum" || Object.values(codes.members).some(isDriving);
}

function checkFeatures({ features, accessibles }: ModuleDescription, report: Report): void {
  for (const feature of features) {
    if (feature !== "HasOffset" && !feature.startsWith("_"))
      report(`the feature ${feature} is not predefined, so it should begin with "_"`);
  }
  if (features.includes("HasOffset") && !accessibles.has("offset"))
    report("a module that HasOffset should have offset");
}

function checkChannels(
  { interface_classes, acquisition_channels }: ModuleDescription,
  node: UncheckedDescription,
  report: Report,
): void {
  const isController = interface_classes.includes("AcquisitionController");
  if (isController && !acquisition_channels) report("it has no acquisition_channels");
  if (!isController && acquisition_channels) report("only an AcquisitionController should have acquisition_channels");
  for (const [role, channel] of acquisition_channels ?? []) {
    const module = node.modules.get(channel);
    if (!module) report(`the acquisition channel ${role} is not a module: ${channel}`);
    else if (!module.interface_classes.includes("AcquisitionChannel"))
      report(`the acquisition channel ${role} is not an AcquisitionChannel: ${channel}`);
  }
}

function checkAccessible(
  accessible: Accessible,
  module: ModuleDescription,
  taken: readonly ReadonlySet<string>[],
  report: Report,
): void {
  const misused = misuse(accessible, (name) => module.accessibles.get(name));
  if (misused !== undefined) report(misused);
  checkCustom(accessible.properties.keys(), report);
  checkGroup(accessible.group, taken, report);
  checkMeaning(accessible.meaning, report);
  if (accessible.kind === "command") {
    for (const info of [accessible.argument, accessible.result]) if (info) checkDatainfo(info, report);
    return;
  }
  const { name, datainfo, constant, readonly } = accessible;
  checkDatainfo(datainfo, report);
  checkLimits(name, module.accessibles, report);
  if (constant !== undefined && !readonly) report("a constant should be read-only");
}

/** Reports limits that a module has both as one parameter and as two. */
function checkLimits(name: string, all: ModuleDescription["accessibles"], report: Report): void {
  const both = all.has(`${name}_limits`) && (all.has(`${name}_min`) || all.has(`${name}_max`));
  if (both) report(`${name}_limits and ${name}_min or ${name}_max exclude each other`);
}
