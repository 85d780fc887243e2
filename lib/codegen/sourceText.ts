/** A node's text in TypeScript source: always data, never code, never invisible. */

/** Controls, invisible characters, direction marks ("Trojan source"), line ends TypeScript 5.0 knows in no literal, lone surrogates. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Longer descriptions are cut: the node itself has the rest. */
const LONGEST_DOC = 500;

/** Words of printable ASCII, one blank between them, that mean nothing in a comment: nearly all texts, and there can be thousands. */
const PLAIN = /^[!-)+-?A-_a-~]+(?: [!-)+-?A-_a-~]+)*$/;

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A string literal in double quotes. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, escaped);
}

/** A string literal in single quotes: JSON text needs no `\"` in it. */
export function quotedJson(json: string): string {
  return `'${json.replace(/[\\']/g, "\\$&").replace(UNSAFE, escaped)}'`;
}

/** A member name in a type or class: bare where that is safe, else a string literal. */
export function memberKey(name: string): string {
  const bare = /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== "constructor" && name !== "__proto__";
  return bare ? name : stringLiteral(name);
}

/** Text for a `/** ... *\/` comment, on one line: no end of comment, no tag, no link, no code span. */
export function docText(text: string): string {
  if (text.length <= LONGEST_DOC && PLAIN.test(text)) return text;
  const line = text.replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
  const short = line.length > LONGEST_DOC ? `${cut(line)}...` : line;
  return short.replace(/\*\//g, "*\\/").replace(/@/g, "\\@").replace(/`/g, "'");
}

/** `CryoStage` of `cryo-stage`; letters and digits only, `fallback` before it if it would not begin with a letter. */
export function pascalCase(text: string, fallback: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/.test(name) ? name : fallback + name;
}

/** Never between the halves of a surrogate pair. */
function cut(line: string): string {
  const end = /[\ud800-\udbff]/.test(line.charAt(LONGEST_DOC - 1)) ? LONGEST_DOC - 1 : LONGEST_DOC;
  return line.slice(0, end);
}
