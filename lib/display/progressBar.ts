/** Progress as a bar with its text, in HTML and as text. */

import { oneLine } from "../printable";
import { type Html, html } from "./html";
import { type State, statusDot } from "./statusDot";

export interface Progress {
  readonly name: string;
  readonly state?: State;
  /** The sign before the name; default: that of the state. */
  readonly sign?: string;
  /** From 0 to 1; `undefined` if it is unknown. */
  readonly fraction: number | undefined;
  /** The text beside the bar: `9 of 16 points · 1 min 48 s left`. */
  readonly text: string;
}

/**
 * A sign with the name, a bar, and the text. The bar is `<progress>`, which pages without a stylesheet show.
 */
export function progressBar({ name, state, sign: given, fraction, text }: Progress): Html {
  const value = clamp(fraction ?? 0).toFixed(3);
  const sign = given ?? (state === "ok" ? "✔" : undefined);
  return html`<div class="bar"><span>${state ? statusDot(state, name, sign) : name}</span> <progress max="1" value="${value}" class="${state ?? "busy"}"></progress> <small title="${text}">${text}</small></div>`;
}

export function progressText({ name, fraction, text }: Progress): string {
  const filled = Math.round(20 * clamp(fraction ?? 0));
  const bar = fraction === undefined ? " ".repeat(20) : "#".repeat(filled) + "-".repeat(20 - filled);
  return `${oneLine(name, 24).padEnd(12)} [${bar}] ${oneLine(text, 100)}`;
}

const clamp = (fraction: number): number => Math.min(1, Math.max(0, fraction || 0));
