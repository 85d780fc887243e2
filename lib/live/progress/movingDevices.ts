/** The actions that a plan waits for, as progress bars. */

import { formatValue } from "../../display/formatValue";
import { formatNumber, withUnits } from "../../display/number";
import type { Progress } from "../../display/progressBar";
import { formatDuration, timeLeftText } from "../../display/time";
import { oneLine } from "../../printable";

/** A status whose action is shown. If it has `watch`, its bar shows how far the action is. */
export interface WatchedStatus {
  readonly done: boolean;
  readonly success: boolean;
  readonly name?: string;
  watch?(fn: (update: MoveUpdate) => void): void;
}

/** One step of a move, as bluesky's `watch` reports it; times are in seconds. */
export interface MoveUpdate {
  readonly name?: string;
  readonly current: unknown;
  readonly initial: unknown;
  readonly target: unknown;
  readonly unit?: string;
  readonly precision?: number;
  readonly fraction?: number;
  readonly time_elapsed?: number;
  readonly time_remaining?: number;
}

/** The largest number of bars that are shown at once. */
const MOST_BARS = 8;
/** The time in milliseconds after which an action gets a bar. */
const DELAY_MS = 200;

/** An action with a bar. */
interface Moving {
  readonly status: WatchedStatus;
  readonly since: number;
  update: MoveUpdate | undefined;
  /** The next action of the device, which has reported nothing yet and is not old enough for a bar. */
  next?: Moving;
}

/**
 * Keeps a bar for each device that a plan waits for.
 *
 * Most actions are done at once, so an action is ignored until it is 200 ms old. A device keeps its bar until
 * `clear`, so that nothing jumps from one point of a scan to the next.
 */
export class MovingDevices {
  readonly #bars = new Map<string, Moving>();
  #waiting: readonly WatchedStatus[] = [];
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #changed: () => void;

  /** @param changed called when a bar moves */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Takes the statuses that the plan waits for now; null for none. */
  waiting(statuses: readonly WatchedStatus[] | null): void {
    this.#waiting = statuses ?? [];
    if (this.#waiting.length === 0) {
      if (this.#bars.size > 0) this.#changed();
      return;
    }
    this.#since = performance.now();
    for (const [i, status] of this.#waiting.entries()) this.#follow(status, nameOf(status, i));
    this.#timer ??= setTimeout(() => this.#look(), DELAY_MS).unref();
  }

  /** The longest time in seconds that a device still needs, as far as that is known; 0 if nothing is. */
  get secondsLeft(): number {
    const left = [...this.#bars.values()].map(({ status, update }) =>
      status.done || !update ? 0 : (timeLeft(update) ?? 0),
    );
    return Math.max(0, ...left);
  }

  /** Removes all bars. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#bars.clear();
  }

  /**
   * The bars.
   * @param held whether the plan is held; a device that did not arrive counts as stopped then, not as failed
   */
  bars(held: boolean): Progress[] {
    return this.#moves().map(([name, moving]) => barOf(name, moving, held));
  }

  /**
   * The bars as they stay below a run that has ended: what is still on its way says where it was. It stops
   * there if the run was aborted, and goes on after a move that nobody waited for.
   */
  barsAtEnd(held: boolean): Progress[] {
    return this.#moves().map(([name, moving]) => {
      const { status, update } = moving;
      const bar = barOf(name, moving, held);
      if (status.done) return bar;
      const text = update ? placeOnWay(update) : "not done when the run ended";
      return { ...bar, state: "off", text };
    });
  }

  /** The move of each device; its next one, if that has failed before it reported anything. */
  #moves(): [string, Moving][] {
    return [...this.#bars].map(([name, moving]) => {
      const { next } = moving;
      return [name, next?.status.done && !next.status.success ? next : moving];
    });
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#waiting.every((status) => status.done)) return;
    const age = performance.now() - this.#since;
    // A bar without progress shows how long its action has lasted, so it is
    // drawn again even if nothing is reported.
    this.#timer = setTimeout(() => this.#look(), Math.max(DELAY_MS - age, DELAY_MS / 2)).unref();
    if (age < DELAY_MS - 1) return;
    for (const [i, status] of this.#waiting.entries()) {
      if (!status.done) this.#watch(status, nameOf(status, i));
    }
    this.#changed();
  }

  /**
   * Takes the next action of a device that has a bar. Its bar is replaced as soon as the action reports
   * something, so that the move before is not shown any longer; until then it says where that one ended, also
   * while the device is only triggered.
   */
  #follow(status: WatchedStatus, name: string): void {
    const bar = this.#bars.get(name);
    if (!bar || bar.status === status || bar.next?.status === status) return;
    const moving: Moving = { status, since: this.#since, update: undefined };
    bar.next = moving;
    status.watch?.((update) => {
      moving.update = update;
      if (this.#bars.get(name)?.next === moving) this.#bars.set(name, moving);
      this.#changed();
    });
  }

  /** Gives an action that is old enough its bar. */
  #watch(status: WatchedStatus, name: string): void {
    const bar = this.#bars.get(name);
    if (bar?.status === status) return;
    if (bar) {
      this.#follow(status, name);
      const { next } = bar;
      if (next?.status === status) this.#bars.set(name, next);
      return;
    }
    if (this.#bars.size >= MOST_BARS) return;
    const moving: Moving = { status, since: this.#since, update: undefined };
    this.#bars.set(name, moving);
    status.watch?.((update) => {
      moving.update = update;
      this.#changed();
    });
  }
}

const nameOf = ({ name }: WatchedStatus, i: number): string => name || `device ${i + 1}`;

function barOf(name: string, { status, since, update }: Moving, held: boolean): Progress {
  const title = update?.name || name;
  if (!status.done) {
    const text = update
      ? moveText(update, false)
      : `for ${formatDuration(Math.round((performance.now() - since) / 100) / 10)}`;
    return { name: title, state: "busy", fraction: update && fractionOf(update), text };
  }
  const state = status.success ? "ok" : held ? "warn" : "bad";
  const fraction = status.success ? 1 : update && fractionOf(update);
  return { name: title, state, fraction, text: update ? moveText(update, true, status.success) : ENDED[state] };
}

const ENDED = { ok: "done", warn: "stopped", bad: "failed" } as const;

function fractionOf({ fraction, current, initial, target }: MoveUpdate): number | undefined {
  if (typeof fraction === "number") return fraction;
  if (typeof current !== "number" || typeof initial !== "number" || typeof target !== "number") return undefined;
  return target === initial ? 1 : (current - initial) / (target - initial);
}

/** The seconds that a move still needs, at its pace so far if it does not say so itself. */
function timeLeft({ current, initial, target, time_elapsed, time_remaining }: MoveUpdate): number | undefined {
  if (typeof current !== "number" || typeof initial !== "number" || typeof target !== "number") return undefined;
  if (!((time_elapsed ?? 0) * 1000 > DELAY_MS)) return undefined;
  const left = time_remaining ?? ((target - current) * (time_elapsed ?? 1)) / (current - initial);
  return left > 0 && Number.isFinite(left) ? left : undefined;
}

/**
 * Where a device was when the run ended before its move did: `5.230 mm when the run ended · target 6.000 mm`.
 */
function placeOnWay({ current, target, unit, precision }: MoveUpdate): string {
  const quantity = (v: unknown): string => withUnits(oneLine(formatValue(v, { precision }), 24), unit);
  return `${quantity(current)} when the run ended · target ${quantity(target)}`;
}

/** A move in words: `13.35 → 14 K · +0.1 K/s · 6 s left`. */
function moveText(update: MoveUpdate, done: boolean, success = true): string {
  const { current, initial, target, unit, precision, time_elapsed, time_remaining } = update;
  const value = (v: unknown): string => oneLine(formatValue(v, { precision }), 24);
  const aim = withUnits(value(target), unit);
  if (done && !success) return `${withUnits(value(current), unit)} · target ${aim}`;
  if (done) {
    // Only the update at the end of a move has the value that was reached; an earlier one is from the way.
    const reached = withUnits(value(time_remaining === 0 ? current : target), unit);
    return `${reached} reached${reached === aim ? "" : ` · target ${aim}`}`;
  }
  const way = value(current) === value(target) ? value(current) : `${value(current)} → ${value(target)}`;
  const parts = [withUnits(way, unit)];
  if (
    typeof current === "number" &&
    typeof initial === "number" &&
    typeof target === "number" &&
    (time_elapsed ?? 0) * 1000 > DELAY_MS
  ) {
    const rate = (current - initial) / (time_elapsed ?? 1);
    if (rate !== 0) parts.push(`${rate > 0 ? "+" : ""}${formatNumber(Number(rate.toPrecision(2)))} ${unit ?? ""}/s`);
    const left = timeLeft(update);
    if (left !== undefined) parts.push(timeLeftText(left));
  }
  return parts.join(" · ");
}
