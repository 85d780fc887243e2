/** Puts text of a node into TypeScript source: always as data, never as code, never invisible. */

/**
 * Control and invisible characters, direction marks ("Trojan source"), unusual line ends, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Longer descriptions are cut. The node has the full text. */
const LONGEST_DOC = 500;

/**
 * ASCII words with single blanks and nothing special in a comment: a fast path, since there can be thousands
 * of texts.
 */
const PLAIN = /^[!-)+-?A-_a-~]+(?: [!-)+-?A-_a-~]+)*$/;

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A string literal in double quotes. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, escaped);
}

/** JSON text as a string literal in single quotes, so that its double quotes need no backslash. */
export function quotedJson(json: string): string {
  return `'${json.replace(/[\\']/g, "\\$&").replace(UNSAFE, escaped)}'`;
}

/** A member name in a type or class: an identifier if that is safe, else a string literal. */
export function memberKey(name: string): string {
  const bare = /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== "constructor" && name !== "__proto__";
  return bare ? name : stringLiteral(name);
}

/** Text for a `/** ... *\/` comment, on one line: without end of comment, tags, links and code spans. */
export function docText(text: string): string {
  if (text.length <= LONGEST_DOC && PLAIN.test(text)) return text;
  const line = text.replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
  const short = line.length > LONGEST_DOC ? `${cut(line)}...` : line;
  return short.replace(/\*\//g, "*\\/").replace(/@/g, "\\@").replace(/`/g, "'");
}

/**
 * `CryoStage` for `cryo-stage`: letters and digits only, with `fallback` before it if it does not begin with
 * a letter.
 */
export function pascalCase(text: string, fallback: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/.test(name) ? name : fallback + name;
}

/** Cuts a text, but never between the halves of a surrogate pair. */
function cut(line: string): string {
  const end = /[\ud800-\udbff]/.test(line.charAt(LONGEST_DOC - 1)) ? LONGEST_DOC - 1 : LONGEST_DOC;
  return line.slice(0, end);
}
