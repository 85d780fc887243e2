/** How a module is displayed, alone or as a branch of its node. */

import type { MimeBundle } from "../../display/bundle";
import { type Callout, callout, calloutText } from "../../display/callout";
import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { type Html, html } from "../../display/html";
import { muted, quantity } from "../../display/muted";
import { type State, statusDot } from "../../display/statusDot";
import { htmlTable, textTable } from "../../display/table";
import { branch, indent } from "../../display/tree";
import { NoSuchModuleError } from "../../errors";
import { oneLine } from "../../printable";
import type { ParameterDescription } from "../../secop/description/description";
import { interfaceClassOf } from "../../secop/description/interfaceClass";
import type { ModuleStatus } from "../../secop/values/moduleStatus";
import type { ModuleHandle } from "./moduleHandle";
import { htmlCells, PARAMETER_COLUMNS, parameterRow, textCells } from "./parameterRow";
import { statusText } from "./statusText";

/** A module with at most this many parameters shows all of them unfolded. */
const FEW = 8;

/** Shows a module alone: its state, what is wrong with it, its parameters and its commands. */
export function displayModule(handle: ModuleHandle, name: string): MimeBundle {
  const head = { title: name || handle.name, status: stateOf(handle), facts: moduleFacts(handle) };
  const stale = staleness(handle);
  const old: Callout | undefined =
    stale === ""
      ? undefined
      : { kind: "notice", title: "Stale.", text: `${stale}.`, detail: "The values are the last ones known." };
  const lines = [
    headerText({ ...head, facts: [...head.facts, moduleValueText(handle)] }),
    old && calloutText(old),
    oneLine(headline(handle), 200),
    moduleText(handle),
  ];
  return displayBundle(
    lines.filter(Boolean).join("\n"),
    header(head),
    old && callout(old),
    muted(headline(handle)),
    moduleBody(handle),
  );
}

const COLOURS: Readonly<Record<ModuleStatus["group"], State>> = {
  DISABLED: "off",
  IDLE: "ok",
  WARN: "warn",
  BUSY: "busy",
  ERROR: "bad",
  UNKNOWN: "warn",
};

/** The state of a module as a colour and in words. */
export function stateOf(handle: ModuleHandle): { readonly state: State; readonly word: string } {
  const item = handle.known("status");
  if (handle.defunct) {
    return { state: "bad", word: handle.defunct instanceof NoSuchModuleError ? "missing" : "changed" };
  }
  if (item?.stale) return { state: "off", word: "stale" };
  if (item?.error) return { state: "bad", word: "no status" };
  const status = handle.status(item);
  if (!status) return { state: "off", word: handle.parameter("status") ? "unknown" : "" };
  return { state: COLOURS[status.group], word: oneLine(statusText(status), 60) };
}

/** Why the values of a module are out of date; empty if they are not. */
function staleness(handle: ModuleHandle): string {
  for (const name of handle.description.accessibles.keys()) {
    const { stale } = handle.known(name) ?? {};
    if (stale) return stale;
  }
  return "";
}

/** The interface class, the group, and the module that controls this one; empty texts where there is none. */
export function moduleFacts(handle: ModuleHandle): string[] {
  const { group = "" } = handle.description;
  const kind = interfaceClassOf(handle.description);
  return [kind === "Module" ? "" : kind, group.replaceAll(":", " / "), handle.controller()];
}

/** The value of a module, and its target while it moves: `9.87 K → 20 K`. */
export function moduleValue(handle: ModuleHandle): Html {
  const { value, unit, target } = summary(handle);
  return html`${quantity(value, unit)}${target === "" ? null : html` → ${quantity(target, unit)}`}`;
}

/** The same as plain text. */
export function moduleValueText(handle: ModuleHandle): string {
  const { value, unit, target } = summary(handle);
  return [value, unit, target === "" ? "" : `→ ${target} ${unit}`]
    .filter((part) => part !== "")
    .join(" ")
    .trim();
}

/** The first line of the description of a module. */
export function headline(handle: ModuleHandle): string {
  return handle.description.description.split("\n", 1)[0] ?? "";
}

/** The parameters, with their groups folded, and the commands. If `brief`, groups are only named. */
export function moduleBody(handle: ModuleHandle, brief = false): Html {
  const { main, groups } = arrange(handle);
  const stale = staleness(handle);
  const table = (parameters: readonly ParameterDescription[]) =>
    htmlTable(
      PARAMETER_COLUMNS,
      parameters.map((parameter) => htmlCells(parameterRow(handle, parameter, stale))),
    );
  return html`${main.length > 0 ? table(main) : null}${[...groups].map(([group, parameters]) =>
    branch({
      summary: html`${group} <small>${countWords(handle, parameters)}</small>`,
      body: brief ? muted("shown by the module itself") : table(parameters),
    }),
  )}${commandsLine(handle)}`;
}

function moduleText(handle: ModuleHandle): string {
  const { main, groups } = arrange(handle);
  const all = [...main, ...[...groups.values()].flat()];
  const stale = staleness(handle);
  const rows = all.map((parameter) => textCells(parameterRow(handle, parameter, stale)));
  const commands = commandNames(handle);
  const lines = rows.length > 0 ? [textTable(PARAMETER_COLUMNS, rows)] : [];
  if (commands.length > 0) lines.push(`commands: ${commands.join(", ")}`);
  return indent(lines.join("\n"));
}

interface Arrangement {
  readonly main: readonly ParameterDescription[];
  /** Parameters by group; the group "more" has custom and hidden parameters. */
  readonly groups: ReadonlyMap<string, readonly ParameterDescription[]>;
}

function arrange(handle: ModuleHandle): Arrangement {
  const parameters = [...handle.description.accessibles.values()].filter((a) => a.kind === "parameter");
  if (parameters.length <= FEW) return { main: parameters, groups: new Map() };
  const main: ParameterDescription[] = [];
  const groups = new Map<string, ParameterDescription[]>();
  const more: ParameterDescription[] = [];
  for (const parameter of parameters) {
    const { name, group, visibility = "www" } = parameter;
    if (group !== undefined && group !== "") groups.set(group, [...(groups.get(group) ?? []), parameter]);
    else if (name.startsWith("_") || visibility.endsWith("-")) more.push(parameter);
    else main.push(parameter);
  }
  if (more.length > 0) groups.set("more", [...(groups.get("more") ?? []), ...more]);
  return { main, groups };
}

function countWords(handle: ModuleHandle, parameters: readonly ParameterDescription[]): string {
  const names = parameters.map(({ name }) => handle.keyOf(name));
  const shown = `${names.slice(0, 7).join(", ")}${names.length > 7 ? " …" : ""}`;
  return `${names.length} ${names.length === 1 ? "parameter" : "parameters"}: ${shown}`;
}

function commandNames(handle: ModuleHandle): string[] {
  const commands = [...handle.description.accessibles.values()].filter((a) => a.kind === "command");
  return commands.map(({ name, argument }) => `${handle.names.get(name)?.member ?? name}(${argument ? "…" : ""})`);
}

function commandsLine(handle: ModuleHandle): Html | null {
  const names = commandNames(handle);
  return names.length === 0
    ? null
    : muted(
        "commands: ",
        names.map((name) => html`${codeChip(name)} `),
      );
}

function summary(handle: ModuleHandle): { value: string; unit: string; target: string } {
  const cell = (name: string) => {
    const parameter = handle.parameter(name);
    return parameter ? parameterRow(handle, parameter) : null;
  };
  const [value, target] = [cell("value"), cell("target")];
  // A module that another one controls does not go to its own target.
  const follows = handle.controller() === "";
  const isMoving = follows && target && value && target.value !== value.value && target.trouble === "";
  return { value: value?.value ?? "", unit: value?.unit ?? "", target: isMoving ? target.value : "" };
}

/** The modules of a node with more parameters than this are folded. */
const MANY = 40;
/** The modules of a node with more parameters than this show only the main ones. */
const VERY_MANY = 400;

/** A module as a branch of its node. `parameters` is the number of parameters of the whole node. */
export function moduleBranch(handle: ModuleHandle, parameters: number): Html {
  const { state, word } = stateOf(handle);
  const facts = moduleFacts(handle).filter((fact) => fact !== "");
  return branch({
    summary: html`${statusDot(state, "")}<b>${handle.name}</b> <small>${[word, ...facts].filter((f) => f !== "").join(" · ")}</small>`,
    value: moduleValue(handle),
    open: parameters <= MANY,
    body: html`${muted(headline(handle))}${moduleBody(handle, parameters > VERY_MANY)}`,
  });
}
