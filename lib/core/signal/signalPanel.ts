/** Several signals in one table, with their states and the last minutes of each. */

import { timeNow } from "../../clock";
import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { header, headerText } from "../../display/header";
import { type Html, html } from "../../display/html";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { formatNumber } from "../../display/number";
import { formatOfKey } from "../../display/numberColumn";
import { type SparkPoint, sparkline } from "../../display/sparkline";
import { type State, statusDot } from "../../display/statusDot";
import { isStatusText, statusState, statusWords } from "../../display/statusWords";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { formatDuration, formatTime } from "../../display/time";
import { errorText } from "../../errors";
import { oneLine } from "../../printable";
import type { DataKey, Reading, Readings } from "../protocols/protocols";

/** What the panel needs of a signal. */
export interface PanelSignal {
  readonly name: string;
  describe(): unknown;
  subscribe(fn: (readings: Readings) => void): void;
  clearSub(fn: (readings: Readings) => void): void;
}

/** Seconds that are drawn of each signal, and points that are kept. */
const SECONDS = 300;
const MOST_POINTS = 400;

const COLUMNS: readonly TableColumn[] = [
  { title: "state", align: "left" },
  { title: "signal", align: "left", names: true },
  { title: "value", wrap: true },
  { title: "unit", align: "left", mute: true },
  { title: "last 5 min", align: "left", mute: true, wrap: true },
  { title: "age", mute: true },
];

/** States of a value that is there. */
const WORDS: Readonly<Record<State, string>> = {
  ok: "fine",
  busy: "busy",
  warn: "warning",
  bad: "error",
  off: "disabled",
};

/** What is known of one signal. */
class Followed {
  readonly signal: PanelSignal;
  readonly #listen: (readings: Readings) => void;
  #key: Partial<DataKey> = {};
  #isStatus = false;
  #reading: Reading | undefined;
  #arrived = Number.NaN;
  #points: SparkPoint[] = [];
  #change: { readonly before: unknown; readonly time: number } | undefined;
  #problem: string | undefined;

  constructor(signal: PanelSignal) {
    this.signal = signal;
    this.#listen = (readings) => this.#take(Object.values(readings)[0]);
  }

  async begin(): Promise<void> {
    try {
      const keys = (await this.signal.describe()) as Readonly<Record<string, Partial<DataKey>>>;
      this.#key = keys[this.signal.name] ?? Object.values(keys)[0] ?? {};
      this.#isStatus = isStatusText(this.#key.SECOP_datainfo);
      this.signal.subscribe(this.#listen);
    } catch (error) {
      this.#problem = errorText(error);
    }
  }

  end(): void {
    if (this.#problem === undefined) this.signal.clearSub(this.#listen);
  }

  get state(): { readonly state: State; readonly word: string } {
    if (this.#problem !== undefined) return { state: "bad", word: "no value" };
    const severity = this.#reading?.alarm_severity ?? 0;
    const status = statusState(this.#key.SECOP_datainfo, this.#reading?.value);
    if (!this.#reading) return { state: "off", word: "waiting" };
    if (severity < 0) return { state: "off", word: "stale" };
    const state = severity > 1 ? "bad" : severity === 1 ? "warn" : (status ?? "ok");
    return { state, word: WORDS[state] };
  }

  get value(): string {
    return this.#reading ? this.#text(this.#reading.value, 40) : "";
  }

  /** A value as tables of runs show it: numbers with the digits of the signal, a status in words. */
  #text(value: unknown, width: number): string {
    const words = this.#isStatus ? statusWords(value) : undefined;
    return oneLine(words ?? formatValue(value, { format: formatOfKey(this.#key) ?? formatNumber }), width);
  }

  get units(): string {
    return this.#key.units ?? "";
  }

  get said(): string {
    const said = oneLine(this.#problem ?? this.#reading?.message ?? "", 120);
    return said === this.value ? "" : said;
  }

  get age(): string {
    return Number.isFinite(this.#arrived) ? formatDuration(Math.max(0, timeNow() - this.#arrived)) : "";
  }

  /** The last minutes of a number as a line, and of a word its last change. */
  get history(): { readonly shown: Html; readonly text: string } {
    const isNumber = typeof this.#reading?.value === "number";
    if (isNumber || !this.#change) {
      const newest = this.#points.at(-1);
      // A value holds until the next one, so its line reaches until now.
      const points = newest ? [...this.#points, { ...newest, time: timeNow() }] : [];
      return { shown: isNumber ? sparkline(points, this.state.state === "off") : html``, text: "" };
    }
    const text = `${this.#text(this.#change.before, 24)} → ${this.value} ${formatTime(this.#change.time)}`;
    return { shown: html`${text}`, text };
  }

  #take(reading: Reading | undefined): void {
    if (!reading) return;
    const before = this.#reading;
    const now = timeNow();
    if (before && !Object.is(before.value, reading.value) && typeof reading.value !== "number")
      this.#change = { before: before.value, time: now };
    this.#reading = reading;
    this.#arrived = now;
    if (typeof reading.value !== "number" || (reading.alarm_severity ?? 0) < 0) return;
    this.#points.push({ time: now, value: reading.value });
    if (this.#points.length > MOST_POINTS || (this.#points[0]?.time ?? now) < now - SECONDS) this.#forget(now);
  }

  #forget(now: number): void {
    this.#points = this.#points.filter(({ time }) => time >= now - SECONDS);
    // Every second point of the older half, so that the line keeps its length.
    if (this.#points.length > MOST_POINTS) {
      const half = this.#points.length / 2;
      this.#points = this.#points.filter((_, i) => i >= half || i % 2 === 0);
    }
  }
}

/** A table of signals that follows them until it is closed. */
export class SignalPanel implements Displayable {
  readonly #followed: readonly Followed[];

  private constructor(signals: readonly PanelSignal[]) {
    this.#followed = signals.map((signal) => new Followed(signal));
  }

  /** Begins to follow signals. One that cannot be read is shown with the reason. */
  static async of(signals: readonly PanelSignal[]): Promise<SignalPanel> {
    const panel = new SignalPanel(signals);
    await Promise.all(panel.#followed.map((each) => each.begin()));
    return panel;
  }

  /** Follows no longer. */
  close(): void {
    for (const each of this.#followed) each.end();
  }

  [$display](): MimeBundle {
    const head = { title: "watch", facts: [`${this.#followed.length} signals`] };
    const rows = this.#followed.map((each) => {
      const { state, word } = each.state;
      const { shown } = each.history;
      const value = each.said ? html`${each.value} <small>${each.said}</small>` : each.value;
      return [statusDot(state, word), each.signal.name, value, each.units, shown, each.age];
    });
    const lines = this.#followed.map((each) => [
      each.state.word,
      each.signal.name,
      each.value,
      each.units,
      each.history.text || each.said,
      each.age,
    ]);
    return displayBundle(`${headerText(head)}\n${textTable(COLUMNS, lines)}`, header(head), htmlTable(COLUMNS, rows));
  }
}
