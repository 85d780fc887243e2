/** Colours TypeScript code for a web page. */

import jsTokens, { type Token } from "js-tokens";
import { escapeHtml } from "../../lib/display/escape";

const CLASS_NAMES: Readonly<Partial<Record<Token["type"], string>>> = {
  HashbangComment: "c",
  SingleLineComment: "c",
  MultiLineComment: "c",
  StringLiteral: "s",
  NoSubstitutionTemplate: "s",
  TemplateHead: "s",
  TemplateMiddle: "s",
  TemplateTail: "s",
  RegularExpressionLiteral: "s",
  NumericLiteral: "n",
};

/** Keywords, and words that are keywords where TypeScript code usually has them. */
const KEYWORDS: ReadonlySet<string> = new Set(
  `abstract any as asserts async await bigint boolean break case catch class const continue debugger declare
  default delete do else enum export extends false finally for from function get if implements import in infer
  instanceof interface is keyof let module namespace never new null number object of override private protected
  public readonly return satisfies set static string super switch symbol this throw true try type typeof
  undefined unique unknown using var void while with yield`.split(/\s+/),
);

/** Code as HTML: keywords in `<i class="k">`, comments in class `c`, strings in `s` and numbers in `n`. */
export function highlight(code: string): string {
  let before = "";
  return [...jsTokens(code)]
    .map(({ type, value }) => {
      const isKeyword = type === "IdentifierName" && KEYWORDS.has(value) && !/^\??\.$/.test(before);
      const name = isKeyword ? "k" : CLASS_NAMES[type];
      before = value;
      const text = escapeHtml(value);
      return name ? `<i class="${name}">${text}</i>` : text;
    })
    .join("");
}
