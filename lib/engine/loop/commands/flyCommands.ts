/** Commands for devices that measure by themselves and are asked for what they have. */
import type { Msg } from "../../../core/protocols/msg";
import { isFlyable, type StatusLike } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { Waiting } from "../../commandSteps";
import { deviceName } from "../../planErrors";
import type { Command, Execution } from "../messageLoop";
import { argumentsOf, started } from "./deviceCommands";
import { openRunOf } from "./runCommands";

export const flyCommands: readonly (readonly [string, Command])[] = [
  // A pause does not end a flight: what was started is waited for, not started again.
  ["kickoff", { run: kickoff, replayed: false }],
  ["complete", { run: complete, replayed: false }],
  ["collect", { run: collect, replayed: true }],
];

function kickoff(execution: Execution, msg: Msg): StatusLike {
  const run = openRunOf(execution, msg);
  const { obj } = msg;
  if (!isFlyable(obj)) throw cannotFly(obj);
  run.flyers.kickedOff(obj);
  return started(execution, msg, obj.kickoff(...(argumentsOf(msg) as [])));
}

function complete(execution: Execution, msg: Msg): StatusLike {
  const { obj } = msg;
  if (!isFlyable(obj)) throw cannotFly(obj);
  return started(execution, msg, obj.complete(...(argumentsOf(msg) as [])));
}

function cannotFly(obj: unknown): UsageError {
  return new UsageError(`${deviceName(obj)} can't fly: it has no kickoff() and complete()`);
}

function collect(execution: Execution, msg: Msg): Waiting {
  const { name, stream, return_payload: returnPayload = true } = msg.kwargs;
  if (stream === true) throw new UsageError('"collect" gives event pages: `stream` is not possible any more');
  const devices = [msg.obj, ...msg.args] as object[];
  const { flyers } = openRunOf(execution, msg);
  return new Waiting(flyers.collect(devices, typeof name === "string" ? name : undefined, returnPayload === true));
}
