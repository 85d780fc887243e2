/** The movements of a recorded module: rates and delays, each the median of all, and its statuses. */

import { isBusyStatus, type MoveBehaviour, type StatusWords, statusOnWire } from "../modules/moduleBehaviour";
import type { RecordedReport } from "./recordedNode";

/** A change of the target, or a call of `go`, that the node accepted. */
export interface RecordedStart {
  readonly sentAt: number;
  readonly answeredAt?: number | undefined;
  /** How many reports of the status had arrived when it was answered. */
  readonly statusesBefore: number;
  /** The target that the node accepted; undefined if it is not a number. */
  readonly goal: number | undefined;
}

/** The recorded movements and reports of a module. */
export interface ModuleHistory {
  readonly starts: readonly RecordedStart[];
  /** The statuses as reported. */
  readonly statuses: readonly RecordedReport[];
  /** The numbers reported for `value`. */
  readonly values: readonly { readonly at: number; readonly value: number }[];
  /** The speed by the module's own parameters at a time; undefined if they did not hold it. */
  speedAt(time: number): number | undefined;
}

/** The rate is measured between these parts of the way, since its beginning and end are often slower. */
const [FIRST, LAST] = [0.1, 0.9];
/** The longest delay of BUSY that counts as none: it may come over another connection than the answer. */
const LATE_BUSY = 0.05;
/** The rate of a movement is reliable if it was measured over at least this number of readings. */
const FEWEST_READINGS = 4;

/** One movement. Times are in seconds. */
interface Move {
  readonly rate?: number;
  readonly rateBySpeed?: number;
  readonly delay: number;
  readonly settling: number;
  readonly duration?: number;
  readonly busyAfter?: number;
  readonly busy: readonly StatusWords[];
  /** Whether the rate was measured along the way, and not only by the time of the end. */
  readonly isMeasured: boolean;
}

/** The behaviour of the module when it moves; undefined if no movement was recorded. */
export function moveBehaviour(history: ModuleHistory): MoveBehaviour | undefined {
  const moves = history.starts.map((start, i) => moveOf(history, start, history.starts[i + 1]?.sentAt));
  const seen = moves.filter(({ rate, busy }) => rate !== undefined || busy.length > 0);
  if (seen.length === 0) return undefined;
  const measured = seen.some(({ isMeasured }) => isMeasured) ? seen.filter(({ isMeasured }) => isMeasured) : seen;
  const middle = (list: readonly Move[], part: (move: Move) => number | undefined) =>
    median(list.map(part).filter((value) => value !== undefined));
  const [rate, rateBySpeed] = [middle(measured, (m) => m.rate), middle(measured, (m) => m.rateBySpeed)];
  const duration = middle(seen, (m) => m.duration);
  const words = seen.find(({ busy }) => busy.length > 0)?.busy ?? [];
  const [busy, settles] = [words[0], words.at(-1)];
  return {
    ...(rate !== undefined && { rate }),
    ...(rateBySpeed !== undefined && { rateBySpeed }),
    ...(duration !== undefined && { duration }),
    busyAfter: middle(seen, (m) => m.busyAfter) ?? 0,
    delay: middle(measured, (m) => m.delay) ?? 0,
    settling: middle(measured, (m) => m.settling) ?? 0,
    ...(busy && { busy }),
    ...(settles && settles[0] !== busy?.[0] && { settles }),
  };
}

function moveOf(history: ModuleHistory, start: RecordedStart, next = Number.POSITIVE_INFINITY): Move {
  const { statuses, values } = history;
  const from = start.sentAt;
  const during = statuses.filter(({ at }) => at >= from && at < next);
  const busy = during.findIndex(({ value }) => isBusyStatus(value));
  const rest = busy < 0 ? undefined : during.slice(busy).find(({ value }) => !isBusyStatus(value));
  const began = busy < 0 ? undefined : during[busy];
  // A BUSY that came before the answer counts as immediate, however late the answer was.
  const isEarly = began !== undefined && statuses.indexOf(began) < start.statusesBefore;
  const late = began && !isEarly ? began.at - (start.answeredAt ?? from) : 0;
  const busyAfter = began && (late > LATE_BUSY ? late : 0);
  const words = during
    .map(({ value }) => (isBusyStatus(value) ? statusOnWire(value) : undefined))
    .filter((w) => w !== undefined);
  const before = values.findLast(({ at }) => at <= from)?.value;
  const { goal } = start;
  const end = rest?.at;
  const common = {
    busy: words,
    ...(busyAfter !== undefined && { busyAfter }),
    ...(end !== undefined && { duration: end - from }),
  };
  if (goal === undefined || before === undefined || goal === before) {
    return { ...common, delay: 0, settling: 0, isMeasured: false };
  }
  const way = [
    { at: from, value: before },
    ...values.filter(({ at }) => at > from && at < Math.min(next, end ?? next)),
  ];
  return { ...common, ...motionOf(way, goal, end, history.speedAt(from)) };
}

/** The rate of a movement, by the times at which it passed parts of its way. */
function motionOf(
  way: readonly { readonly at: number; readonly value: number }[],
  goal: number,
  end: number | undefined,
  speed: number | undefined,
): Pick<Move, "rate" | "rateBySpeed" | "delay" | "settling" | "isMeasured"> {
  const [{ at: from, value: before } = { at: 0, value: goal }] = way;
  const length = Math.abs(goal - before);
  const progress = way.map(({ at, value }) => ({ at, part: (value - before) / (goal - before) }));
  const [first, last] = [timeOfPart(progress, FIRST), timeOfPart(progress, LAST)];
  const between = progress.filter(({ part }) => part > FIRST && part < LAST).length;
  if (first !== undefined && last !== undefined && between >= FEWEST_READINGS) {
    const rate = ((LAST - FIRST) * length) / (last - first);
    const delay = Math.max(0, first - (FIRST * length) / rate - from);
    const settling = end === undefined ? 0 : Math.max(0, end - (from + delay + length / rate));
    return { rate, ...(speed !== undefined && { rateBySpeed: rate / speed }), delay, settling, isMeasured: true };
  }
  if (end === undefined || end <= from) return { delay: 0, settling: 0, isMeasured: false };
  const rate = length / (end - from);
  return { rate, ...(speed !== undefined && { rateBySpeed: rate / speed }), delay: 0, settling: 0, isMeasured: false };
}

/** The time at which a part of the way was first passed, interpolated between two readings. */
function timeOfPart(
  progress: readonly { readonly at: number; readonly part: number }[],
  part: number,
): number | undefined {
  const after = progress.findIndex((point) => point.part >= part);
  const [a, b] = [progress[after - 1], progress[after]];
  return a && b && a.at + ((b.at - a.at) * (part - a.part)) / (b.part - a.part);
}

/** The median of numbers (the upper one of two in the middle); undefined for an empty list. */
export function median(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
