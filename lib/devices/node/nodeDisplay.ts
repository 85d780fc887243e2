/** The display of a node: its state, its modules, and its deviations from the specification. */

import { callout, calloutText } from "../../display/callout";
import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { currentHost } from "../../display/host";
import { html } from "../../display/html";
import type { MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import { counted } from "../../display/number";
import { sentence } from "../../display/sentence";
import { type TableColumn, textTable } from "../../display/table";
import { formatMoment } from "../../display/time";
import { branch } from "../../display/tree";
import { oneLine } from "../../printable";
import type { ClientState } from "../../secop/client";
import { CONNECTION_STATES } from "../../secop/clientDisplay";
import type { NodeDescription } from "../../secop/description/description";
import {
  headline,
  isModuleUnfolded,
  description as moduleDescription,
  moduleFacts,
  moduleValueText,
  stateOf,
} from "../module/moduleDisplay";
import type { ModuleHandle } from "../module/moduleHandle";
import { listedModules, moduleTree, moreModules, troubles, troubleWords } from "./moduleTree";
import { simulationOf } from "./nodeIdentity";

/** The state of a node, for its display. */
export interface NodeView {
  /** The node itself, for the name that the notebook has for it. */
  readonly node: object;
  readonly name: string;
  readonly address: string;
  readonly state: ClientState;
  readonly mocked: boolean;
  readonly description: NodeDescription | undefined;
  readonly modules: readonly ModuleHandle[];
}

/** The most deviations from the specification that are shown. */
const MOST_PROBLEMS = 20;

/**
 * Shows the state of a node, its modules as branches, and its deviations from the specification.
 * @param watched whether the display is kept up to date; if not, it says how to have one that is
 */
export function displayNode(view: NodeView, { watched = false } = {}): MimeBundle {
  const { name, address, state, mocked, description, modules } = view;
  const parameters = modules.reduce((sum, handle) => sum + parameterCount(handle), 0);
  const simulated = description && simulationOf(address, description);
  const head = {
    title: name || address,
    status: mocked
      ? { state: "off" as const, word: "mocked" }
      : { state: CONNECTION_STATES[state.name], word: state.name },
    facts: [
      simulated !== undefined && `simulated ${simulated}`,
      address,
      modules.length > 0 && `${counted(modules.length, "module")}, ${counted(parameters, "parameter")}`,
      lastNews(modules),
    ],
  };
  const lost = mocked || state.name === "connected" || state.name === "connecting" ? undefined : lostCallout(state);
  const problems = description?.problems ?? [];
  return displayBundle(
    [
      headerText(head),
      lost && calloutText(lost),
      oneLine(description?.description.split("\n", 1)[0] ?? "", 200),
      lost ? undefined : troubleWords(modules)?.text,
      moduleList(modules),
      problems.length > 0 &&
        `${counted(problems.length, "deviation")} from the SECoP specification, the first: ${problems[0]}`,
    ]
      .filter(Boolean)
      .join("\n"),
    header(head),
    lost && callout(lost),
    moduleDescription(description?.description ?? ""),
    lost ? undefined : troubles(modules),
    moduleTree(modules, parameters),
    problems.length > 0 ? problemBranch(problems) : null,
    !watched && modules.length > 0 && name !== "" && !isUnfolded(modules)
      ? muted(
          "as it was when this cell ran · live: ",
          codeChip(`await watch(${currentHost().nameOf?.(view.node) ?? name})`),
        )
      : null,
  );
}

/**
 * Whether all of a node is in view, so that its display can be replaced without folding what a user unfolded.
 */
export function isUnfolded(modules: readonly ModuleHandle[]): boolean {
  const parameters = modules.reduce((sum, handle) => sum + parameterCount(handle), 0);
  return modules.length > 0 && modules.every((handle) => isModuleUnfolded(handle, parameters));
}

function lostCallout(state: ClientState) {
  const title = state.name === "reconnecting" ? "Reconnecting." : "Not connected.";
  const detail = state.name === "reconnecting" ? "The values are the last ones known; it goes on trying." : "";
  return { kind: "notice" as const, title, text: sentence(state.reason ?? ""), detail };
}

const COLUMNS: readonly TableColumn[] = [
  { title: "module", align: "left" },
  { title: "value" },
  { title: "status", align: "left" },
  { title: "class", align: "left" },
  { title: "description", align: "left" },
];

function moduleList(modules: readonly ModuleHandle[]): string {
  if (modules.length === 0) return "";
  const rows = listedModules(modules).map((handle) => [
    handle.name,
    moduleValueText(handle),
    stateOf(handle).word,
    [moduleFacts(handle)[0], handle.controller()].filter(Boolean).join(", "),
    oneLine(headline(handle), 200),
  ]);
  return [textTable(COLUMNS, rows), moreModules(modules)].filter(Boolean).join("\n");
}

function problemBranch(problems: readonly string[]) {
  const shown = problems.slice(0, MOST_PROBLEMS);
  const rest = problems.length - shown.length;
  return branch({
    summary: html`<small>${counted(problems.length, "deviation")} from the SECoP specification</small>`,
    body: html`${shown.map((problem) => muted(problem))}${rest > 0 && muted(`and ${rest} more: node.description.problems`)}`,
  });
}

/** When the last value arrived. */
function lastNews(modules: readonly ModuleHandle[]): string {
  const arrivals = modules.map((handle) => handle.known("value")?.arrival ?? 0);
  const latest = Math.max(0, ...arrivals);
  return latest > 0 ? `read ${formatMoment(latest)}` : "";
}

function parameterCount(handle: ModuleHandle): number {
  return [...handle.description.accessibles.values()].filter((a) => a.kind === "parameter").length;
}
