/** Commands for flyers: devices that measure many points by themselves and are collected afterwards. */

import type { Msg } from "../../../core/protocols/msg";
import { isFlyable, type StatusLike } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { PendingResult } from "../../commandSteps";
import { deviceName } from "../../planErrors";
import type { CommandContext, EngineCommand } from "../commandContext";
import { argumentsOf, started } from "./deviceCommands";

export const flyCommands: readonly (readonly [string, EngineCommand])[] = [
  // A pause does not end a flight, so a flight is not started again after a pause.
  ["kickoff", { run: kickoff, replayed: false }],
  ["complete", { run: complete, replayed: false }],
  ["collect", { run: collect, replayed: true }],
];

function kickoff(context: CommandContext, msg: Msg): StatusLike {
  const run = context.runs.of(msg);
  const { obj } = msg;
  if (!isFlyable(obj)) throw cannotFly(obj);
  run.flyers.kickedOff(obj);
  const device = obj as { kickoff(...args: readonly unknown[]): unknown };
  const status = device.kickoff(...argumentsOf(msg));
  context.hardware.tookOff(obj);
  return started(context, msg, status);
}

function complete(context: CommandContext, msg: Msg): StatusLike {
  const { obj } = msg;
  if (!isFlyable(obj)) throw cannotFly(obj);
  const device = obj as { complete(...args: readonly unknown[]): unknown };
  const status = started(context, msg, device.complete(...argumentsOf(msg)));
  context.hardware.lands(obj, status);
  return status;
}

function cannotFly(obj: unknown): UsageError {
  return new UsageError(`${deviceName(obj)} can't fly: it has no kickoff() and complete()`);
}

function collect(context: CommandContext, msg: Msg): PendingResult {
  const { name, stream, return_payload: returnPayload = true } = msg.kwargs;
  if (stream === true) throw new UsageError('"collect" gives event pages: `stream` is no longer possible');
  const devices = [msg.obj, ...msg.args] as object[];
  const { flyers } = context.runs.of(msg);
  return new PendingResult(
    flyers.collect(devices, typeof name === "string" ? name : undefined, returnPayload === true),
  );
}
