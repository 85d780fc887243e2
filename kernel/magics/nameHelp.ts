/** What is known about a name, as `name?` and `help(name)` show it: types, docs, value and source place. */

import { codeChip } from "../../lib/display/codeChip";
import { type Definition, definitionList, definitionText } from "../../lib/display/definitionList";
import { displayBundle } from "../../lib/display/displayBundle";
import { header } from "../../lib/display/header";
import { type Html, html } from "../../lib/display/html";
import { $display, type Displayable } from "../../lib/display/mimeBundle";
import { printable } from "../../lib/printable";
import { toBundle } from "../output/index";
import type { QuickInfo } from "../tslabAdapter";
import { typeNameOf } from "./whoMagics";

/** A name and what is known about it. */
export interface NamedThing {
  readonly name: string;
  /** From the type checker. */
  readonly info?: QuickInfo | undefined;
  /** The present value. Absent if there is none, as for a type. */
  readonly value?: unknown;
  readonly place?: string | undefined;
}

/** Lines of a value that are shown. */
const VALUE_LINES = 12;
const VALUE_WIDTH = 400;

/** Makes the help about a name. */
export async function nameHelp({ name, info, value, place }: NamedThing): Promise<Displayable> {
  const signature = text(info?.displayParts);
  const docs = text(info?.documentation);
  const facts: [string, string][] = (info?.tags ?? []).map((tag) => [tag.name, text(tag.text)]);
  if (value !== undefined && typeof value !== "function") facts.push(["value", await valueText(value)]);
  if (place !== undefined) facts.push(["source", place]);
  const type = value === undefined ? "" : typeNameOf(value);
  const parts = [`${name}${type === "" ? "" : ` · ${type}`}`, signature, docs, definitionText(facts.map(indented))];
  const plain = parts.filter((part) => part !== "").join("\n\n");
  const blocks = [
    header({ title: name, facts: [type] }),
    signature === "" ? null : html`<div>${codeChip(signature)}</div>`,
    docs === "" ? null : html`<div style="white-space:pre-wrap;margin:.4em 0">${words(docs)}</div>`,
    html`<div class="wide">${definitionList(facts.map(marked))}</div>`,
  ];
  return { [$display]: () => displayBundle(plain, ...blocks) };
}

function text(parts: readonly { readonly text: string }[] = []): string {
  return printable(parts.map((part) => part.text).join("")).trim();
}

/** Later lines begin below the first one. */
function indented([name, value]: [string, string], _: number, all: readonly [string, string][]): [string, string] {
  const width = Math.max(...all.map(([each]) => each.length));
  return [name, value.replaceAll("\n", `\n${" ".repeat(width + 2)}`)];
}

/** Values and examples are code; other facts are words. */
function marked([name, value]: [string, string]): Definition {
  const code: string | Html = /^(value|example|source|default)$/.test(name) ? codeBlock(value) : html`${words(value)}`;
  return [name, code];
}

/** Words in which code stands between backquotes, as in Markdown. */
function words(markdown: string): (string | Html)[] {
  return markdown.split(/`([^`\n]+)`/).map((part, k) => (k % 2 === 1 ? codeChip(part) : part));
}

/** Code of one line, or of several that keep their columns. */
function codeBlock(code: string): Html {
  if (!code.includes("\n")) return codeChip(code);
  const style = "font:12px/1.4 var(--jp-code-font-family,monospace);white-space:pre";
  return html`<div style="${style}">${code}</div>`;
}

/** The text of a value, of which a long one shows the beginning only. */
async function valueText(value: unknown): Promise<string> {
  const lines = (await toBundle(value))["text/plain"].split("\n");
  const shown = lines
    .slice(0, VALUE_LINES)
    .map((line) => (line.length > VALUE_WIDTH ? `${line.slice(0, VALUE_WIDTH)}…` : line));
  return lines.length > VALUE_LINES
    ? `${shown.join("\n")}\n… ${lines.length - VALUE_LINES} more lines`
    : shown.join("\n");
}
