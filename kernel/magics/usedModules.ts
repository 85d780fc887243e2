/** Which modules of a node the code of a notebook uses, so that a change of the node can be judged by it. */

import { readFileSync } from "node:fs";
import { parse, type TreeNode, walk } from "../compiler/parser";
import { type Notebook, sourceOf } from "../notebookFile";
import { codeBelowMagic, findMagics, maskMagics } from "./findMagics";

/** The members of a node that code uses; "all" where it uses the node itself, for example as a detector. */
export type UsedMembers = ReadonlySet<string> | "all";

/** The code of a notebook, cell by cell, or of a script; undefined if the file cannot be read. */
export function codeOfFile(path: string): string[] | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (!path.endsWith(".ipynb")) return [text];
    const { cells } = JSON.parse(text) as Notebook;
    return cells.filter(({ cell_type }) => cell_type === "code").map(sourceOf);
  } catch {
    return undefined;
  }
}

/** The members of the variable `name` that the cells use. Code that cannot be parsed may use all of them. */
export function usedMembers(cells: readonly string[], name: string): UsedMembers {
  const used = new Set<string>();
  for (const code of cells) {
    const found = membersIn(code, name);
    if (found === "all") return "all";
    for (const member of found) used.add(member);
  }
  return used;
}

/** Magics that name a node and use none of its modules. */
const DECLARING: ReadonlySet<string> = new Set(["connect", "devices", "lock"]);

function membersIn(code: string, name: string): UsedMembers {
  if (!code.includes(name)) return new Set();
  const magics = findMagics(code, () => false);
  const used = new Set<string>();
  for (const { args, name: magic } of magics) {
    if (DECLARING.has(magic)) continue;
    const found = inText(args, name);
    if (found === "all") return "all";
    for (const member of found) used.add(member);
  }
  const below = codeBelowMagic(magics);
  if (below === undefined && magics.some(({ kind }) => kind === "cell")) return used;
  const inCode = below === undefined ? inTree(maskMagics(code, magics), name) : membersIn(below, name);
  return inCode === "all" ? "all" : new Set([...used, ...inCode]);
}

/** The members in the arguments of a magic, such as `lab.cryo 10`. */
function inText(text: string, name: string): UsedMembers {
  const used = new Set<string>();
  const word = new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])(\\.([\\w$]+))?`, "g");
  for (const [, , member] of text.matchAll(word)) {
    if (member === undefined) return "all";
    used.add(member);
  }
  return used;
}

function inTree(code: string, name: string): UsedMembers {
  const used = new Set<string>();
  let all = false;
  try {
    const { program, errors } = parse(code);
    if (errors.length > 0) return inText(code, name);
    walk(program, (node, parents) => {
      if (node.type !== "Identifier" || node.name !== name) return;
      const members = membersOf(node, parents);
      if (members === "all") all = true;
      else for (const member of members) used.add(member);
    });
  } catch {
    return inText(code, name);
  }
  return all ? "all" : used;
}

/** The members that one mention of the node uses. */
function membersOf(node: TreeNode, parents: readonly TreeNode[]): readonly string[] | "all" {
  const [above, outer, call] = [parents.at(-1), parents.at(-2), parents.at(-3)];
  // A last line `lab` only shows it; names of properties and parameters are others.
  if (!above || above.type === "ExpressionStatement") return [];
  if (above.type === "Property" && above.key === node && above.value !== node && above.computed !== true) return [];
  if (above.type === "MemberExpression" && above.property === node && above.computed !== true) return [];
  if (above.type === "VariableDeclarator") return above.init === node ? destructured(above.id) : [];
  if (above.type !== "MemberExpression" || above.object !== node) return "all";
  const member = propertyName(above);
  if (member !== "modules") return member === undefined ? "all" : [member];
  // `lab.modules.get("cryo")` uses one of them.
  const isGet = outer?.type === "MemberExpression" && outer.object === above && propertyName(outer) === "get";
  const [argument] = isGet && call?.type === "CallExpression" ? (call.arguments as TreeNode[]) : [];
  return typeof argument?.value === "string" ? [argument.value] : "all";
}

/** The names that a pattern takes: `const { cryo, gas: g } = lab`. */
function destructured(pattern: unknown): readonly string[] | "all" {
  const { type, properties = [] } = pattern as TreeNode & { readonly properties?: readonly TreeNode[] };
  if (type !== "ObjectPattern") return "all";
  const names = properties.map(({ type: kind, key, computed }) =>
    kind === "Property" && computed !== true ? nameOf(key) : undefined,
  );
  return names.every((name) => name !== undefined) ? names : "all";
}

/** The name in `.name` or `["name"]`; undefined for a computed one. */
function propertyName({ property, computed }: TreeNode): string | undefined {
  const literal = (property as TreeNode | undefined)?.value;
  if (computed === true) return typeof literal === "string" ? literal : undefined;
  return nameOf(property);
}

function nameOf(node: unknown): string | undefined {
  const { name, value } = node as { readonly name?: unknown; readonly value?: unknown };
  if (typeof name === "string") return name;
  return typeof value === "string" ? value : undefined;
}
