/** The modules of a node as a tree of their groups, those in trouble first. */

import { type Html, html } from "../../display/html";
import { muted } from "../../display/muted";
import { counted, plural } from "../../display/number";
import { STATE_SIGNS, type State, statusDot } from "../../display/statusDot";
import { branch } from "../../display/tree";
import { oneLine } from "../../printable";
import { moduleBranch, stateOf } from "../module/moduleDisplay";
import type { ModuleHandle } from "../module/moduleHandle";

/** Nodes with more modules than this have their groups folded. */
const MANY_MODULES = 24;
/** The most modules of a node that are drawn: an output of many megabytes would stop a notebook. */
const MOST_MODULES = 1000;
/** The most levels of groups: modules of deeper groups are drawn in the last level. */
const DEEPEST = 4;

/** The states that are counted, with the words for one module and for several. */
const COUNTED: readonly (readonly [State, string, string])[] = [
  ["bad", "in error", "in error"],
  ["warn", "warning", "warnings"],
  ["off", "stale or off", "stale or off"],
];

/** The number of modules in each kind of trouble, such as `1 module in error · 2 warnings · 6 of 9 fine`. */
export function troubleWords(
  modules: readonly ModuleHandle[],
): { readonly text: string; readonly parts: readonly (readonly [State, string])[] } | undefined {
  const states = modules.map((handle) => stateOf(handle)).filter(({ word }) => word !== "");
  const parts = COUNTED.flatMap(([state, one, several]): [State, string][] => {
    const count = states.filter((each) => each.state === state).length;
    if (count === 0) return [];
    const noun = state === "bad" ? `${plural(count, "module")} ` : "";
    return [[state, `${count} ${noun}${count === 1 ? one : several}`]];
  });
  if (parts.length === 0) return undefined;
  const troubled = states.filter(({ state }) => state === "bad" || state === "warn" || state === "off").length;
  const fine = `${modules.length - troubled} of ${modules.length} fine`;
  return { text: [...parts.map(([state, words]) => `${STATE_SIGNS[state]} ${words}`), fine].join(" · "), parts };
}

/** The same as a line at the top of the panel; undefined while all is well. */
export function troubles(modules: readonly ModuleHandle[]): Html | undefined {
  const words = troubleWords(modules);
  if (!words) return undefined;
  const [worst] = words.parts;
  const fine = words.text.split(" · ").at(-1);
  return html`<div class="note${worst?.[0] === "bad" && " problem"}">${words.parts.map(([state, text]) => html`${statusDot(state, text)} &nbsp; `)}<small>${fine}</small></div>`;
}

/** The modules: those in error, then those with a warning, then all others in their groups. */
export function moduleTree(modules: readonly ModuleHandle[], parameters: number): Html {
  const { troubled, others } = modules.length > 1 ? byTrouble(modules) : { troubled: [], others: modules };
  const drawn = troubled.slice(0, MOST_MODULES);
  const tree = treeOf(others.slice(0, MOST_MODULES - drawn.length));
  const isFolded = modules.length > MANY_MODULES;
  const more = moreModules(modules);
  return html`${drawn.map((handle) => moduleBranch(handle, parameters))}${groupHtml(tree, { parameters, isFolded })}${more && muted(more)}`;
}

/** The modules for a list in their order; of very many, those in trouble before the first others. */
export function listedModules(modules: readonly ModuleHandle[]): readonly ModuleHandle[] {
  if (modules.length <= MOST_MODULES) return modules;
  const { troubled, others } = byTrouble(modules);
  return [...troubled, ...others].slice(0, MOST_MODULES);
}

/** The modules in error and then those with a warning, and all others. */
function byTrouble(modules: readonly ModuleHandle[]): Readonly<Record<"troubled" | "others", readonly ModuleHandle[]>> {
  const inState = (state: State): ModuleHandle[] => modules.filter((handle) => stateOf(handle).state === state);
  const troubled = new Set([...inState("bad"), ...inState("warn")]);
  return { troubled: [...troubled], others: modules.filter((handle) => !troubled.has(handle)) };
}

/** The number of modules that are not drawn, and the code that shows them; undefined if all are drawn. */
export function moreModules(modules: readonly ModuleHandle[]): string | undefined {
  const rest = modules.length - MOST_MODULES;
  return rest > 0 ? `and ${counted(rest, "more module")}: node.modules has all of them` : undefined;
}

/** Modules of one group, and the groups in it. */
interface Group {
  readonly modules: ModuleHandle[];
  readonly groups: Map<string, Group>;
}

/** The groups by their paths, such as `cryostat:pumps`; the spec separates levels with ":". */
function treeOf(modules: readonly ModuleHandle[]): Group {
  const root: Group = { modules: [], groups: new Map() };
  for (const handle of modules) {
    const path = (handle.description.group ?? "").split(":").filter((part) => part !== "");
    let group = root;
    for (const part of path.slice(0, DEEPEST)) {
      const next = group.groups.get(part) ?? { modules: [], groups: new Map() };
      group.groups.set(part, next);
      group = next;
    }
    group.modules.push(handle);
  }
  return root;
}

function groupHtml({ modules, groups }: Group, how: { readonly parameters: number; readonly isFolded: boolean }): Html {
  const inner = [...groups].map(([name, group]) =>
    branch({
      summary: html`<small>${oneLine(name, 60)} · ${countIn(group)}</small>`,
      open: !how.isFolded,
      body: groupHtml(group, how),
    }),
  );
  return html`${modules.map((handle) => moduleBranch(handle, how.parameters))}${inner}`;
}

/** `4 modules, all fine`. */
function countIn(group: Group): string {
  const all = modulesIn(group);
  const fine = all.every((handle) => ["ok", "busy"].includes(stateOf(handle).state) || stateOf(handle).word === "");
  return `${counted(all.length, "module")}${fine ? ", all fine" : ""}`;
}

const modulesIn = ({ modules, groups }: Group): ModuleHandle[] => [
  ...modules,
  ...[...groups.values()].flatMap(modulesIn),
];
