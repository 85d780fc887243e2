/** How a module is displayed, alone or as a branch of its node. */

import { breakable } from "../../display/breakable";
import { type Callout, callout, calloutText } from "../../display/callout";
import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { type Html, html } from "../../display/html";
import type { MimeBundle } from "../../display/mimeBundle";
import { muted, quantity } from "../../display/muted";
import { counted } from "../../display/number";
import { sentence } from "../../display/sentence";
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
      : { kind: "notice", title: "Stale.", text: sentence(stale), detail: "The values are the last ones known." };
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
    describedBy(handle),
    statusNote(handle),
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

/**
 * The state in one short word, for a line that also has a value: the text of the status has a place below it.
 */
export function stateWord(handle: ModuleHandle): { readonly state: State; readonly word: string } {
  const { state, word } = stateOf(handle);
  const status = handle.status();
  const isStatus = status !== undefined && status.name !== "" && word.startsWith(oneLine(status.name, 60).slice(0, 40));
  return { state, word: oneLine(isStatus ? status.name : word, 20) };
}

/** What a module in trouble says itself, in full; undefined if it says nothing. */
function statusNote(handle: ModuleHandle): Html | undefined {
  const status = handle.status();
  const isTrouble = status?.group === "ERROR" || status?.group === "WARN";
  if (!status || !isTrouble || handle.defunct || handle.known("status")?.stale) return undefined;
  const title = `${status.name} ${status.code}`;
  const clear = handle.hasCommand("clear_errors") && status.group === "ERROR";
  const problem = status.group === "ERROR" ? " problem" : "";
  return html`<div class="note${problem}"><div class="said"><b>${title}</b>${status.text && html` — ${status.text}`}</div>${clear && html`<small>next: ${codeChip(`${handle.member}.clear_errors()`)}</small>`}</div>`;
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

/** Letters of a description that are shown unfolded. */
const SHORT_DESCRIPTION = 120;

/** A description: its first line, or the beginning of that, and the rest folded. */
export function description(text: string): Html | null {
  const whole = text.trim();
  if (whole === "") return null;
  const [first = ""] = whole.split("\n", 1);
  if (whole.length <= SHORT_DESCRIPTION && first === whole) return muted(whole);
  const lines = whole.split("\n").length;
  const more = lines > 1 ? ` (${counted(lines - 1, "more line")})` : "";
  return branch({
    summary: html`<small>${oneLine(first, SHORT_DESCRIPTION)}${more}</small>`,
    body: html`<div class="mute" style="white-space:pre-wrap;max-height:16em;overflow:auto">${whole}</div>`,
  });
}

/** Whether nothing of a module is folded in the display of a node with this number of parameters. */
export function isModuleUnfolded(handle: ModuleHandle, parameters: number): boolean {
  const text = handle.description.description.trim();
  const isShort = text.length <= SHORT_DESCRIPTION && !text.includes("\n");
  return parameters <= MANY && isShort && arrange(handle).groups.size === 0;
}

const describedBy = (handle: ModuleHandle): Html | null => description(handle.description.description);

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
  return `${counted(names.length, "parameter")}: ${shown}`;
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
  const { state, word } = stateWord(handle);
  const [kind = "", , control = ""] = moduleFacts(handle);
  const facts = [kind, control].filter((fact) => fact !== "").join(" · ");
  return branch({
    summary: html`${statusDot(state, word)} <b>${breakable(handle.name)}</b> <small>${facts}</small>`,
    value: moduleValue(handle),
    open: parameters <= MANY || (state === "bad" && parameters <= VERY_MANY),
    body: html`${describedBy(handle)}${statusNote(handle)}${moduleBody(handle, parameters > VERY_MANY)}`,
  });
}
