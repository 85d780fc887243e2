/**
 * Expressions that mean something else in Python and that every compiler accepts: `list[-1]`, which is
 * undefined, and `value in list`, which looks for an index.
 */

import type { Diagnostic } from "../tslabAdapter";
import type { CellText } from "./cellText";
import { type TreeNode, walk } from "./parser";
import { cellNotice, WARNING } from "./serverDiagnostics";

/** One such expression, if its operand is a list or a text. */
export interface ListHabit {
  /**
   * Where the name of the operand is, in the edited text: its type decides. Undefined if the operand is
   * written as a list.
   */
  readonly name: number | undefined;
  /** The expression, in the edited text. */
  readonly start: number;
  readonly end: number;
  readonly advice: string;
}

const LIST = /\[\]$|^readonly |^\[|^(?:Float|Int|Uint|BigInt|BigUint)\d+(?:Clamped)?Array\b|^(?:Readonly)?Array</;
const TEXT = /^(?:string|"[^"]*")$/;

export function listHabits({ edited, tree }: CellText): readonly ListHabit[] {
  const { text } = edited;
  if (!/\[\s*-\s*\d|\sin\s/.test(text)) return [];
  const found: ListHabit[] = [];
  walk(tree.program, (node) => {
    const habit = negativeIndex(node, text) ?? valueInList(node, text);
    if (habit) found.push(habit);
  });
  return found;
}

/** The notices about those whose operand is a list, by the types of the names, in the order of the habits. */
export function listNotices(
  { code, edited }: CellText,
  habits: readonly ListHabit[],
  types: readonly (string | undefined)[],
): Diagnostic[] {
  const given = types.values();
  return habits.flatMap(({ name, start, end, advice }) => {
    const type = name === undefined ? "[]" : (given.next().value ?? "");
    const span = { start: edited.toOriginal(start), end: edited.toOriginal(end) };
    return LIST.test(type) || TEXT.test(type) ? [cellNotice(code, span, advice, WARNING)] : [];
  });
}

function negativeIndex(node: TreeNode, text: string): ListHabit | undefined {
  if (node.type !== "MemberExpression" || node.computed !== true) return undefined;
  const [list, index] = [node.object as TreeNode, node.property as TreeNode];
  const name = nameOf(list);
  const isNegative = index.type === "UnaryExpression" && index.operator === "-";
  if (!isList(list, name) || !isNegative || (index.argument as TreeNode).type !== "Literal") return undefined;
  const [owner, at] = [text.slice(list.start, list.end), text.slice(index.start, index.end)];
  const advice = `an index counts from the start, so ${owner}[${at}] is undefined: write  ${owner}.at(${at})`;
  return { name, start: node.start, end: node.end, advice };
}

function valueInList(node: TreeNode, text: string): ListHabit | undefined {
  if (node.type !== "BinaryExpression" || node.operator !== "in") return undefined;
  const [value, list] = [node.left as TreeNode, node.right as TreeNode];
  const name = nameOf(list);
  if (!isList(list, name)) return undefined;
  const owner = text.slice(list.start, list.end);
  const advice = `in looks for an index and not for a value: write  ${owner}.includes(${text.slice(value.start, value.end)})`;
  return { name, start: node.start, end: node.end, advice };
}

/** Whether the operand is written as a list, or has a name whose type may say so. */
function isList({ type }: TreeNode, name: number | undefined): boolean {
  return name !== undefined || type === "ArrayExpression";
}

/** Where the last name of `a` or `a.b` begins; undefined of other expressions. */
function nameOf(node: TreeNode): number | undefined {
  if (node.type === "Identifier") return node.start;
  return node.type === "MemberExpression" && node.computed !== true ? (node.property as TreeNode).start : undefined;
}
