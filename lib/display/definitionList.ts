/** Names with their values, one on each line. */

import { printable } from "../printable";
import { type Html, html } from "./html";

export type Definition = readonly [name: string, value: string | Html];

export function definitionList(definitions: readonly Definition[]): Html {
  return html`<dl>${definitions.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export function definitionText(definitions: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...definitions.map(([name]) => name.length));
  return definitions.map(([name, value]) => printable(`${name.padEnd(width)}  ${value}`)).join("\n");
}
