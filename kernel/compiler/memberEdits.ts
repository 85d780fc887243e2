/**
 * Turns names of other modules into members of them, in JavaScript: by its scopes, so that other things of
 * the same name stay.
 */

import type { Program } from "oxc-parser";
import { CONTEXT } from "../modules/moduleLoader";
import { type TreeNode, walk } from "./parser";
import type { TextEdit } from "./textEdits";

/** A member of a loaded module. */
export interface ModuleMember {
  /** The variable that holds the module. */
  readonly module: string;
  /** Not set for the module as a whole. */
  readonly name?: string;
}

interface Scope {
  readonly through: readonly Reference[];
  readonly set: ReadonlyMap<string, { readonly references: readonly Reference[] }>;
  readonly childScopes: readonly Scope[];
}

interface Reference {
  readonly identifier: TreeNode & { readonly name: string };
}

/**
 * @param imported The names that the code imports.
 * @param living What a name means that the code does not declare.
 */
export function memberEdits(
  program: Program,
  imported: ReadonlyMap<string, ModuleMember>,
  living: (name: string) => ModuleMember | undefined,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const places = new Set<number>();
  const add = (edit: TextEdit): void => {
    // A pattern with an initial value is two references at one place.
    if (!places.has(edit.start)) edits.push(edit);
    places.add(edit.start);
  };
  const parents = new Map<unknown, readonly [TreeNode | undefined, TreeNode | undefined]>();
  walk(program, (node, above) => {
    if (/^(?:Import|Export(?:Named|All))Declaration$/.test(node.type)) return false;
    if (node.type === "Identifier") parents.set(node, [above.at(-1), above.at(-2)]);
    if (node.type === "ImportExpression") {
      edits.push({ start: node.start, end: node.start + "import".length, text: `${CONTEXT}.import` });
    }
    if (node.type === "MetaProperty" && (node.meta as { name: string }).name === "import") {
      edits.push({ start: node.start, end: node.end, text: `${CONTEXT}.meta` });
    }
    return true;
  });
  const global = scopesOf(program);
  const module = global.childScopes[0];
  for (const { identifier } of global.through) {
    const place = parents.get(identifier);
    const member = place && living(identifier.name);
    if (member) add(memberEdit(identifier, member, place));
  }
  for (const [name, member] of imported) {
    for (const { identifier } of module?.set.get(name)?.references ?? []) {
      const place = parents.get(identifier);
      if (place) add(memberEdit(identifier, member, place));
    }
  }
  return edits;
}

function memberEdit(
  identifier: TreeNode,
  { module, name }: ModuleMember,
  [parent, grandparent]: readonly [TreeNode | undefined, TreeNode | undefined],
): TextEdit {
  const { start, end } = identifier;
  const member =
    name === undefined ? module : isWord(name) ? `${module}.${name}` : `${module}[${JSON.stringify(name)}]`;
  const isCalled =
    (parent?.type === "CallExpression" && parent.callee === identifier) ||
    (parent?.type === "TaggedTemplateExpression" && parent.tag === identifier);
  // The function must not get the module as its `this`.
  if (isCalled) return { start, end, text: `(0, ${member})` };
  const property = parent?.type === "AssignmentPattern" && parent.left === identifier ? grandparent : parent;
  if (property?.type === "Property" && property.shorthand) return { start, end, text: `${identifier.name}: ${member}` };
  return { start, end, text: member };
}

function isWord(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

function scopesOf(program: Program): Scope {
  const { analyze } = require("eslint-scope") as typeof import("eslint-scope");
  const { visitorKeys } = require("oxc-parser") as typeof import("oxc-parser");
  const options = { ecmaVersion: 2022, sourceType: "module", fallback: "iteration", childVisitorKeys: visitorKeys };
  // eslint-scope expects the tree of another parser; that of oxc has the same form.
  const manager = analyze(program as never, options as never);
  return manager.globalScope as unknown as Scope;
}
