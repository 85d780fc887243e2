/**
 * Advice for code that needs a number but uses a value of a table or document, which may be of any type.
 */

import type { AdviceRule, CodePlace } from "./codePlace";

const MISFIT =
  /^(?:Argument of type|Type) '[^']*\bDataValue(?:\[\])?' is not assignable to (?:parameter of )?type 'number(?:\[\])?/;
const OPERANDS = /^Operator '(.+?)' cannot be applied to types '(.*)' and '(.*)'\.$/s;
const MAYBE_NULL = /^(?:'.*'|Object) is possibly 'null'\.$/s;
const MEMBER = /^Property '\w+' does not exist on type '.*\bDataValue\b/;

/** Says how the value becomes a number: `Number(row.det)`, or `numbers` of a table instead of `column`. */
export const recordedValues: AdviceRule = (place) => {
  if (isCompared(place))
    return `this may be null; if it is a recorded value, as a number it is  ${asNumber(place.word)}`;
  if (!/\bDataValue\b/.test(place.message)) return undefined;
  const value = valueIn(place)?.trim();
  if (!value || value.includes("\n")) return undefined;
  return `a recorded value may be a text or a list as well; as a number it is  ${asNumber(value)}`;
};

/** Whether a member that may be null is compared with another expression: the message has no types then. */
function isCompared({ message, word, before, after }: CodePlace): boolean {
  if (!MAYBE_NULL.test(message) || !/[.[]/.test(word) || word.includes("\n")) return false;
  return /^\s*[<>]=?\s*[A-Za-z_$(]/.test(after.slice(word.length)) || /[\w$)\]]\s*[<>]=?\s*$/.test(before);
}

const asNumber = (value: string): string =>
  /\.column\(/.test(value) ? value.replace(/\.column\(/, ".numbers(") : `Number(${value})`;

/** The text of the recorded value that the diagnostic is about. */
function valueIn({ message, word, line, before }: CodePlace): string | undefined {
  const [, operator = "", left = ""] = OPERANDS.exec(message) ?? [];
  if (operator) return operand(word, operator, /\bDataValue\b/.test(left));
  if (MEMBER.test(message)) return /([\w$.]+(?:\([^()]*\)|\[[^[\]]*\]|\.[\w$]+)*)\.$/.exec(before)?.[1];
  if (!MISFIT.test(message)) return undefined;
  // In `const first: number = table.column("det")[0]` the diagnostic is about the name.
  const [, declared] = /^\s*(?:const|let|var)\s+[\w$]+\s*:[^=]*=(.*?);?\s*$/.exec(line) ?? [];
  return declared && /(?:const|let|var)\s+$/.test(before) ? declared : word.replace(/^\.\.\./, "");
}

/** The left or the right side of the outermost operator. */
function operand(text: string, operator: string, isLeft: boolean): string | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (depth === 0 && i > 0 && text.startsWith(operator, i))
      return isLeft ? text.slice(0, i) : text.slice(i + operator.length);
  }
  return undefined;
}
