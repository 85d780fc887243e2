/** Finds out what a plan would do (its messages, moves, limits, points and time) without moving anything. */

import { isCheckable } from "../../core/protocols/protocols";
import { definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { html } from "../../display/html";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { formatDuration } from "../../display/time";
import { branch } from "../../display/tree";
import { type PlanSource, takePlan } from "../../engine/loop/planSource";
import { errorText } from "../../errors";
import { printable } from "../../printable";
import { printSummaryWrapper } from "../preprocessors/printSummaryWrapper";
import { type PlannedMoves, PlanPlayer, type PlayedPlan } from "./planPlayer";

/** The number of messages after which a plan counts as endless. */
const MOST_MESSAGES = 1_000_000;
/** The display is limited to these numbers of lines; all of them are in `problems` and `summary`. */
const PROBLEMS_SHOWN = 5;
const LINES_SHOWN = 30;

/** The findings of `preview` about a plan. */
export class PlanPreview implements PlayedPlan, Displayable {
  /** The messages of the plan. */
  readonly messages: PlayedPlan["messages"];
  /** One line for each run, move and reading, as `summarizePlan` prints them. */
  readonly summary: readonly string[];
  /** The number of events that the plan would make. */
  readonly points: PlayedPlan["points"];
  /** The positions of each device. */
  readonly moves: PlayedPlan["moves"];
  /** The steps that would be refused, each in one line. */
  readonly problems: PlayedPlan["problems"];
  readonly unchecked: PlayedPlan["unchecked"];
  /** The duration of the plan in seconds, as far as devices know it. */
  readonly seconds: PlayedPlan["seconds"];
  readonly unknownDurations: PlayedPlan["unknownDurations"];

  constructor(parts: PlayedPlan & Pick<PlanPreview, "summary">) {
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
 * Plays a plan through. Devices are read and located where the plan asks for it, but nothing is set,
 * triggered, staged or called; positions count as reached once the plan has set them.
 *
 * This uses the plan up. To run it later as well, give a function: `preview(() => scan(...))`.
 */
export async function preview(source: PlanSource<unknown>): Promise<PlanPreview> {
  const summary: string[] = [];
  const player = new PlanPlayer();
  const plan = printSummaryWrapper(takePlan(source).plan, (line) => summary.push(String(line)));
  try {
    let step = player.next(plan);
    while (!step.done) {
      if (player.messages.length >= MOST_MESSAGES) {
        player.problems.push(`the plan has more than ${MOST_MESSAGES} messages: it may never end`);
        break;
      }
      step = player.next(plan, await player.answer(step.value));
    }
    if (step.done) player.problems.push(...player.unstarted.forgotten());
  } catch (error) {
    player.problems.push(errorText(error));
  }
  return new PlanPreview({ ...player.result(), summary });
}

/**
 * Rejects with the error of the first position of a plan that a device refuses.
 * Nothing is moved; this uses the plan up.
 */
export async function checkLimits(source: PlanSource<unknown>): Promise<void> {
  const { plan } = takePlan(source);
  const player = new PlanPlayer();
  let step = player.next(plan);
  while (!step.done) {
    const { command, obj, args } = step.value;
    if (command === "set" && isCheckable(obj)) await obj.checkValue(args[0]);
    step = player.next(plan, await player.answer(step.value));
  }
}

/** Prints what a plan would do, line by line, and its problems. This uses the plan up. */
export async function summarizePlan(
  source: PlanSource<unknown>,
  print: (line: string) => void = console.log,
): Promise<void> {
  const { summary, problems } = await preview(source);
  for (const line of [...summary, ...problems]) print(line);
}

/** Bluesky's other name for `summarizePlan`. */
export const printSummary = summarizePlan;

/** The first `most` lines, and a line that says how many more there are. */
function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

function moveText({ count, first, last, low, high }: PlannedMoves): string {
  const moves = `${count} moves`;
  const range = low === null ? "" : ` between ${low} and ${high}`;
  if (count === 1) return `1 move, to ${String(first)}`;
  return `${moves}${range}, the first to ${String(first)}, the last to ${String(last)}`;
}
