/**
 * The expression before a dot that no member name follows yet, under a name that the compiler can be asked
 * about.
 */

import { cellLanguage, parse, type TreeNode, walk } from "./parser";

/** The parameter that stands for the expression. */
const OWNER = "__question_owner";

/** A dot behind a name or a bracket, with nothing but space between it and the cursor. */
const OPEN_MEMBER = /(?<=[\p{ID_Continue}$)\]}"'`!])\s*\??\.\s*$/u;

export interface MemberOwner {
  /** Where the expression ends. */
  readonly end: number;
  /** Its text. Undefined if the code does not parse even with a name behind the dot. */
  readonly text?: string;
  /** The code with the expression named, and the place of the name in it. */
  readonly named?: { readonly code: string; readonly position: number };
}

/** The expression before the dot at `position`; undefined if there is no dot. */
export function memberOwner(code: string, position: number): MemberOwner | undefined {
  const end = OPEN_MEMBER.exec(code.slice(0, position))?.index;
  if (end === undefined) return undefined;
  const [before, after] = [code.slice(0, position) + OWNER, code.slice(position)];
  // Code in the next line would belong to the member: `a.⏎b` is `a.b`.
  const parsed = parse(before + after.replace(/^\n/, ";\n"), cellLanguage(before + after));
  let owner: TreeNode | undefined;
  walk(parsed.program, (node) => {
    const property = node.property as TreeNode | undefined;
    if (node.type === "MemberExpression" && property?.start === position) owner = node.object as TreeNode;
  });
  if (!owner || parsed.errors.length > 0) return { end };
  // The tree has no brackets: of `(f)().` the owner is `(f)()`, of `(await f).` it is `await f`.
  const { start, end: ownerEnd } = owner;
  const text = code.slice(start, ownerEnd);
  const head = `${code.slice(0, start)}((`;
  const named = `${head}${OWNER}) => ${OWNER})(${text})${code.slice(ownerEnd, position)}${after}`;
  return { end, text, named: { code: named, position: head.length } };
}

/** The type in the answer about the named expression. */
export function typeOfOwner(signature: string): string {
  return signature.replace(`(parameter) ${OWNER}: `, "");
}
