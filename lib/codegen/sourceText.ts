/** Writes text of a node into TypeScript source, always as visible data and never as code. */

/**
 * Control and invisible characters, direction marks ("Trojan source"), unusual line ends, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Descriptions with more characters are cut, since the node has the full text. */
const LONGEST_DOC = 2000;
/** A comment is wrapped at this column. */
const WIDTH = 110;

/**
 * Texts that need no change in a comment: ASCII words with single blanks. They skip the rest, since there can
 * be thousands of texts.
 */
const PLAIN = /^[!-)+-?A-_a-~]+(?: [!-)+-?A-_a-~]+)*$/;

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A string literal in double quotes. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, escaped);
}

/**
 * JSON text as a string literal in single quotes, so that its double quotes need no backslash. Its lines stay
 * lines, each continued by a backslash, so that a change of one line changes one line of the file.
 */
export function quotedJson(json: string): string {
  const lines = json.split("\n").map((line) => line.replace(/[\\']/g, "\\$&").replace(UNSAFE, escaped));
  return `'${lines.join("\\\n")}'`;
}

/** The text of a literal that `quotedJson` made. */
export function quotedText(literal: string): string {
  const inner = literal.slice(1, -1);
  return inner.replace(/\\(?:\n|u([0-9a-f]{4})|([\s\S]))/g, (_all, code: string | undefined, c: string | undefined) =>
    code === undefined ? (c ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** A member name in a type or class: an identifier if that is safe, else a string literal. */
export function memberKey(name: string): string {
  const bare = /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== "constructor" && name !== "__proto__";
  return bare ? name : stringLiteral(name);
}

/**
 * The lines of a `/** ... *\/` comment; none for an empty text. Lines and paragraphs of the text are kept,
 * and wrapped where they are long.
 */
export function docComment(text: string, indent: string): string[] {
  const lines = docLines(text);
  const [first = ""] = lines;
  if (lines.length === 0) return [];
  if (lines.length === 1 && indent.length + first.length + 7 <= WIDTH) return [`${indent}/** ${first} */`];
  const wrapped = lines.flatMap((line) => wrap(line, WIDTH - indent.length - 3));
  return [`${indent}/**`, ...wrapped.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/**
 * The lines of a text without ends of comments, tags, links and code spans. Of several empty lines between
 * others, one is kept.
 */
function docLines(text: string): string[] {
  if (text.length <= WIDTH && PLAIN.test(text)) return [text];
  const short = text.length > LONGEST_DOC ? `${cut(text.trim())}...` : text;
  const lines = short.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => {
    const words = line.replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
    return words.replace(/\*\//g, "*\\/").replace(/@/g, "\\@").replace(/`/g, "'");
  });
  return lines.filter((line, n) => line !== "" || (lines[n + 1] ?? "") !== "").slice(lines[0] === "" ? 1 : 0);
}

function wrap(line: string, width: number): string[] {
  const wrapped = [""];
  for (const word of line.split(" ")) {
    const last = wrapped.at(-1) ?? "";
    if (last === "") wrapped[wrapped.length - 1] = word;
    else if (last.length + 1 + word.length > width) wrapped.push(word);
    else wrapped[wrapped.length - 1] = `${last} ${word}`;
  }
  return wrapped;
}

/** The import of these names from the library, sorted; the name of a type begins with `type `. */
export function importLine(names: Iterable<string>): string {
  const bare = (name: string): string => name.replace("type ", "");
  const sorted = [...names].sort((one, other) => bare(one).localeCompare(bare(other), "en"));
  return `import { ${sorted.join(", ")} } from "secop-lab";`;
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
