/** What a plan would do: its messages, moves, limits, points and time, without moving anything. */
import type { Msg } from "../core/msg";
import { type HasName, isCheckable, isLocatable, isReadable } from "../core/protocols";
import { $display, type Displayable, type MimeBundle } from "../display/bundle";
import { definitionList, definitionText } from "../display/definitionList";
import { displayBundle } from "../display/displayBundle";
import { header, headerText } from "../display/header";
import { html } from "../display/html";
import { printable } from "../display/printable";
import { formatDuration } from "../display/time";
import { branch } from "../display/tree";
import { deviceName } from "../engine/planErrors";
import { type PlanSource, takePlan } from "../engine/planSource";
import { errorText } from "../errors";
import { printSummaryWrapper } from "./preprocessors/messageWrappers";

/** Messages after which a plan counts as endless. */
const MOST = 1_000_000;
/** What is displayed at most; all of it is in `problems` and `summary`. */
const PROBLEMS_SHOWN = 5;
const LINES_SHOWN = 30;

/** What a device may tell, so that the time of a plan can be estimated. */
export interface HasDuration {
  /** Seconds an action takes: "set" from where it is to a value, or "trigger". */
  expectedDuration(command: "set" | "trigger", value?: unknown, from?: unknown): number | undefined;
}

/** Where a plan sends a device. */
export interface PlannedMoves {
  readonly device: string;
  readonly count: number;
  readonly first: unknown;
  readonly last: unknown;
  /** Smallest and largest position, where they are numbers. */
  readonly low: number | null;
  readonly high: number | null;
}

/** What `preview` found out. */
export class PlanPreview implements Displayable {
  readonly messages: readonly Msg[];
  /** One line per run, move and reading, as `summarizePlan` prints. */
  readonly summary: readonly string[];
  /** Events of all runs. */
  readonly points: number;
  readonly moves: readonly PlannedMoves[];
  /** What would go wrong: positions a device refuses, an error of the plan itself. */
  readonly problems: readonly string[];
  /** Devices that can't say whether a position is allowed. */
  readonly unchecked: readonly string[];
  /** Seconds that are known: sleeps, and actions of devices that tell their duration. */
  readonly seconds: number;
  /** Number of moves and triggers of unknown duration. */
  readonly unknownDurations: number;

  constructor(parts: Omit<PlanPreview, typeof $display>) {
    this.messages = parts.messages;
    this.summary = parts.summary;
    this.points = parts.points;
    this.moves = parts.moves;
    this.problems = parts.problems;
    this.unchecked = parts.unchecked;
    this.seconds = parts.seconds;
    this.unknownDurations = parts.unknownDurations;
  }

  [$display](): MimeBundle {
    const good = this.problems.length === 0;
    const head = {
      title: "Preview",
      status: good ? ({ state: "ok", word: "can run" } as const) : ({ state: "bad", word: "would fail" } as const),
      facts: [`${this.points} points`, `${this.messages.length} messages`, this.#timeText()],
    };
    const list: (readonly [string, string])[] = [
      ...shortened(this.problems, PROBLEMS_SHOWN).map((problem) => ["problem", problem] as const),
      ...this.moves.map((move) => [move.device, moveText(move)] as const),
    ];
    if (this.unchecked.length > 0) list.push(["limits not known", this.unchecked.join(", ")]);
    const lines = shortened(this.summary, LINES_SHOWN);
    return displayBundle(
      [headerText(head), definitionText(list), ...lines.map(printable)].join("\n"),
      header(head),
      definitionList(list),
      branch({ summary: "step by step", body: lines.map((line) => html`${line}<br>`) }),
    );
  }

  #timeText(): string {
    const known = this.seconds > 0 ? formatDuration(this.seconds) : "";
    const unknown = this.unknownDurations > 0 ? `${this.unknownDurations} actions of unknown duration` : "";
    return [known, unknown].filter(Boolean).join(" and ");
  }
}

/**
 * Plays a plan through. Devices are read and located where the plan asks for it, but nothing is set, triggered, staged or called;
 * positions it sets are taken as reached. The plan is used up by this: give a function to run it later, `preview(() => scan(...))`.
 */
export async function preview(source: PlanSource<unknown>): Promise<PlanPreview> {
  const summary: string[] = [];
  const play = new Play();
  const plan = printSummaryWrapper(takePlan(source).plan, (line) => summary.push(String(line)));
  try {
    let step = plan.next();
    while (!step.done) {
      if (play.messages.length >= MOST) {
        play.problems.push(`the plan has more than ${MOST} messages: it may never end`);
        break;
      }
      step = plan.next(await play.answer(step.value));
    }
  } catch (error) {
    play.problems.push(errorText(error));
  }
  return new PlanPreview({ ...play.result(), summary });
}

/** Throws, in one line, the first position of a plan that a device would refuse. Nothing is moved. */
export async function checkLimits(source: PlanSource<unknown>): Promise<void> {
  const { plan } = takePlan(source);
  const play = new Play();
  let step = plan.next();
  while (!step.done) {
    const { command, obj, args } = step.value;
    if (command === "set" && isCheckable(obj)) await obj.checkValue(args[0]);
    step = plan.next(await play.answer(step.value));
  }
}

/** Prints what a plan would do, line by line. */
export async function summarizePlan(
  source: PlanSource<unknown>,
  print: (line: string) => void = console.log,
): Promise<void> {
  const { summary, problems } = await preview(source);
  for (const line of [...summary, ...problems]) print(line);
}

export const printSummary = summarizePlan;

/** The first `most`, and how many there are besides. */
function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

interface Moves {
  readonly positions: unknown[];
}

class Play {
  readonly messages: Msg[] = [];
  readonly problems: string[] = [];
  readonly #positions = new Map<unknown, unknown>();
  readonly #moves = new Map<HasName, Moves>();
  readonly #unchecked = new Set<string>();
  #points = 0;
  #seconds = 0;
  #unknown = 0;
  #longest = 0;

  /** What the plan is sent for a message. */
  async answer(msg: Msg): Promise<unknown> {
    this.messages.push(msg);
    switch (msg.command) {
      case "set":
        return await this.#set(msg.obj as HasName, msg.args[0]);
      case "trigger":
        this.#takes("trigger", msg.obj);
        return undefined;
      case "wait":
        this.#seconds += this.#longest;
        this.#longest = 0;
        return true;
      case "sleep":
        this.#seconds += Number(msg.args[0]);
        return undefined;
      case "save":
        this.#points += 1;
        return undefined;
      case "locate":
        return await this.#locate(msg.obj);
      case "read":
        return await this.#read(msg.obj);
      default:
        return undefined;
    }
  }

  result(): Omit<PlanPreview, typeof $display | "summary"> {
    const moves = [...this.#moves].map(([device, { positions }]) => plannedMoves(device, positions));
    return {
      messages: this.messages,
      problems: this.problems,
      points: this.#points,
      moves,
      unchecked: [...this.#unchecked],
      seconds: this.#seconds,
      unknownDurations: this.#unknown,
    };
  }

  async #set(device: HasName, value: unknown): Promise<undefined> {
    const moves = this.#moves.get(device) ?? { positions: [] };
    this.#moves.set(device, moves);
    moves.positions.push(value);
    this.#takes("set", device, value, this.#positions.get(device));
    this.#positions.set(device, value);
    if (!isCheckable(device)) {
      this.#unchecked.add(deviceName(device));
      return undefined;
    }
    try {
      await device.checkValue(value);
    } catch (error) {
      this.problems.push(errorText(error));
    }
    return undefined;
  }

  #takes(command: "set" | "trigger", device: unknown, value?: unknown, from?: unknown): void {
    const duration = (device as Partial<HasDuration>).expectedDuration?.(command, value, from);
    if (duration === undefined) this.#unknown += 1;
    else this.#longest = Math.max(this.#longest, duration);
  }

  async #locate(device: unknown): Promise<unknown> {
    if (this.#positions.has(device)) {
      const position = this.#positions.get(device);
      return { setpoint: position, readback: position };
    }
    return isLocatable(device) ? await device.locate() : undefined;
  }

  async #read(device: unknown): Promise<unknown> {
    if (!isReadable(device)) return undefined;
    const readings = await device.read();
    const position = this.#positions.get(device);
    const own = readings[device.name];
    return position === undefined || !own ? readings : { ...readings, [device.name]: { ...own, value: position } };
  }
}

function plannedMoves(device: HasName, positions: readonly unknown[]): PlannedMoves {
  const numbers = positions.every((position) => typeof position === "number") ? (positions as readonly number[]) : [];
  return {
    device: deviceName(device),
    count: positions.length,
    first: positions[0],
    last: positions.at(-1),
    low: numbers.length > 0 ? numbers.reduce((a, b) => Math.min(a, b)) : null,
    high: numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : null,
  };
}

function moveText({ count, first, last, low, high }: PlannedMoves): string {
  const moves = `${count} moves`;
  const range = low === null ? "" : ` between ${low} and ${high}`;
  if (count === 1) return `1 move, to ${String(first)}`;
  return `${moves}${range}, the first to ${String(first)}, the last to ${String(last)}`;
}
