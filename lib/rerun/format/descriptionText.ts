/**
 * Descriptions of nodes as they stand in a recording: readable, comparable, with the spelling of numbers
 * kept.
 */

import { descriptionHash } from "../../secop/description/descriptionHash";

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** The longest list or object that is written on one line, in characters. */
const ONE_LINE = 100;

/**
 * JSON text with a member per line; short lists and objects are written on one line. Ends with a line feed.
 */
export function prettyJson(json: string): string {
  const tokens = json.match(TOKENS) ?? [];
  let at = 0;
  /** The value that begins at `at`, on one line if it is short. */
  const value = (indent: string): string => {
    const open = tokens[at++] ?? "";
    if (open !== "{" && open !== "[") return open;
    const close = open === "{" ? "}" : "]";
    const inner = `${indent} `;
    const members: string[] = [];
    while (at < tokens.length && tokens[at] !== close) {
      if (tokens[at] === ",") at += 1;
      const first = value(inner);
      if (tokens[at] !== ":") {
        members.push(first);
        continue;
      }
      at += 1;
      members.push(`${first}: ${value(inner)}`);
    }
    at += 1;
    const flat = `${open}${members.join(", ")}${close}`;
    if (flat.length <= ONE_LINE && !flat.includes("\n")) return flat;
    return `${open}\n${members.map((member) => inner + member).join(",\n")}\n${indent}${close}`;
  };
  return `${value("")}\n`;
}

/** JSON text without white space between its parts. */
export function compactJson(json: string): string {
  return (json.match(TOKENS) ?? []).join("");
}

/** The first 16 digits of the hash of a description, as recordings name it. */
export function jsonHash(json: string): string {
  return descriptionHash(JSON.parse(json)).slice(0, 16);
}
