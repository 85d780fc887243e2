/** How a run, a handle and a RunEngine look as the last expression of a cell. */

import { callout, calloutText } from "../../display/callout";
import { codeChip } from "../../display/codeChip";
import { type Definition, definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { html } from "../../display/html";
import type { MimeBundle } from "../../display/mimeBundle";
import { placeText } from "../../display/placeText";
import type { State } from "../../display/statusDot";
import { formatDuration } from "../../display/time";
import { printable } from "../../printable";
import type { ExitStatus } from "../documents/documents";
import type { RunEngineState } from "../engineSettings";
import type { Suspension } from "../suspend/suspension";
import { pointText, suspendedNotice } from "./notices";
import { pointCountText, pointsText, runEnd } from "./runEnd";
import type { RecordedRun, RunRecord } from "./runRecord";

/**
 * The runs of a call that has ended.
 * @param owner the name of something that has the data: of the result, else of the engine
 */
export function runBundle(record: RunRecord, exitStatus: ExitStatus, reason: string, owner: string): MimeBundle {
  if (record.runs.length === 0) {
    const head = {
      title: "A plan without a run",
      status: runEnd(exitStatus),
      facts: [reason],
    };
    return displayBundle(headerText(head), header(head));
  }
  const parts = record.runs.map((run) => {
    const status = run.stop?.exit_status ?? exitStatus;
    const facts = [planText(run), pointsIn(run), run.stop?.reason];
    const end = runEnd(status, run.start, run.tables.get("primary")?.length ?? (run.tables.size === 0 ? 0 : undefined));
    const head = { title: `Run ${run.start.uid.slice(0, 8)}`, status: end, facts };
    return { head, details: details(run) };
  });
  const next = nextLine(record, owner);
  const text = parts.map(({ head, details: d }) => [headerText(head), definitionText(d)].filter(Boolean).join("\n"));
  return displayBundle(
    `${text.join("\n\n")}\n${next}`,
    ...parts.flatMap(({ head, details: d }) => [
      header(head),
      d.length > 0 ? definitionList(d satisfies Definition[]) : null,
    ]),
    html`<div class="mute">the data: ${codeChip(next)}</div>`,
  );
}

/** The code that gets the data: of the primary stream, else of the first stream. */
function nextLine({ runs }: RunRecord, owner: string): string {
  const streams = runs.flatMap(({ tables }) => [...tables.keys()]);
  const [stream] = streams;
  const argument = stream === undefined || streams.includes("primary") ? "" : JSON.stringify(stream);
  return `${owner}.table(${argument})`;
}

/** A plan under way; `suspensions` hold it now. */
export function handleBundle(
  record: RunRecord,
  state: RunEngineState,
  suspensions: readonly Suspension[],
  engine: string,
): MimeBundle {
  return stateBundle("Run", state, [pointText(record)], suspensions, engine, `await it, or ${engine}.pause()`);
}

/** The RunEngine itself: its state, its plan, the suspensions that hold it, the next line to type. */
export function engineBundle(
  state: RunEngineState,
  record: RunRecord | undefined,
  suspensions: readonly Suspension[],
  engine: string,
): MimeBundle {
  const run = record?.runs.at(-1);
  const facts = [run && planText(run), run && pointsIn(run), run?.start.uid.slice(0, 8)];
  return stateBundle("RunEngine", state, facts, suspensions, engine, verbs(engine, "pause", "stop", "abort"));
}

/**
 * A heading, then either the suspensions or the line to type next: `next`, unless the state has a line of its
 * own.
 */
function stateBundle(
  title: string,
  state: RunEngineState,
  facts: readonly (string | undefined)[],
  suspensions: readonly Suspension[],
  engine: string,
  next: string,
): MimeBundle {
  const head = { title, status: { state: STATE_DOT[state], word: state }, facts };
  const notices = suspensions.map((suspension) =>
    suspendedNotice(suspension, { beforeStart: false, inCell: false, engine }),
  );
  const lines = state === "suspended" ? [] : [nextLineIn(state, engine) ?? next];
  return displayBundle(
    [headerText(head), ...notices.map(calloutText), ...lines].join("\n"),
    header(head),
    ...notices.map(callout),
    ...lines.map((line) => html`<div class="mute">${codeChip(line)}</div>`),
  );
}

const STATE_DOT: Record<RunEngineState, State> = {
  idle: "ok",
  running: "busy",
  pausing: "warn",
  paused: "warn",
  suspended: "warn",
  stopping: "busy",
  aborting: "busy",
  halting: "busy",
};

/** The line to type in states that have one of their own. */
function nextLineIn(state: RunEngineState, engine: string): string | undefined {
  if (state === "idle") return `const run = await ${engine}(scan([detector], motor, 0, 1, 11))`;
  if (state === "paused") return verbs(engine, "resume", "stop", "abort");
  if (state === "stopping") return verbs(engine, "abort", "halt");
  if (state === "aborting") return verbs(engine, "halt");
  return state === "halting" ? "await it" : undefined;
}

const verbs = (engine: string, ...names: readonly string[]): string =>
  names.map((name) => `${engine}.${name}()`).join("   ");

function planText({ start }: RecordedRun): string {
  const scan = typeof start.scan_id === "number" ? `#${start.scan_id}` : "";
  return [start.plan_name ?? "plan", scan].filter(Boolean).join(" ");
}

function pointsIn(run: RecordedRun): string {
  const points = run.tables.get("primary")?.length;
  const took = run.stop ? formatDuration(run.stop.time - run.start.time) : "";
  if (points === undefined && run.tables.size > 0) return took;
  const count = run.stop ? pointCountText(run.start, points ?? 0) : pointsText(points ?? 0);
  return `${count}${took && ` in ${took}`}`;
}

function details(run: RecordedRun): [string, string][] {
  const list: [string, string][] = [];
  const { detectors, motors } = run.start;
  if (Array.isArray(detectors) && detectors.length > 0) list.push(["detectors", detectors.join(", ")]);
  if (Array.isArray(motors) && motors.length > 0)
    list.push(["motors", motors.map((motor, i) => motorText(run, String(motor), i)).join(", ")]);
  const others = [...run.tables].filter(([name]) => name !== "primary");
  if (others.length > 0) list.push(["streams", others.map(([name, table]) => `${name} (${table.length})`).join(", ")]);
  return list.map(([name, value]) => [name, printable(value)]);
}

/**
 * For example "cryo 5 → 20 K": the range of the positions read, in the direction from the first to the last.
 */
function motorText(run: RecordedRun, motor: string, index: number): string {
  const table = run.tables.get("primary");
  const field = motorField(run, motor, index);
  if (!table?.columns.includes(field) || table.length === 0) return motor;
  const positions = table
    .column(field)
    .filter((value) => typeof value === "number" && !Number.isNaN(value)) as number[];
  const [first, last] = [positions[0], positions.at(-1)];
  if (first === undefined || last === undefined) return motor;
  let [low, high] = [first, last];
  for (const position of positions) {
    low = Math.min(low, position);
    high = Math.max(high, position);
  }
  const ends = first <= last ? [low, high] : [high, low];
  const units = table.units[field];
  return `${motor} ${ends.map((end) => placeText(end, [low, high])).join(" → ")}${units ? ` ${units}` : ""}`;
}

/**
 * The column of a motor: the dimensions of the run name one or more for each motor, or those of several
 * motors together; else it has the name of the motor.
 */
function motorField({ start }: RecordedRun, motor: string, index: number): string {
  const dimensions = (start.hints?.dimensions ?? []).map(([names]) => names);
  if (dimensions.length === start.motors?.length) return dimensions[index]?.[0] ?? motor;
  const fields = dimensions.flat();
  if (fields.length === start.motors?.length) return fields[index] ?? motor;
  return fields.find((field) => field === motor || field.startsWith(`${motor}-`)) ?? motor;
}
