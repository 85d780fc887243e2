/** Stubs that prepare devices for measuring, and undo that. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isStatus, type Stageable } from "../../core/protocols/protocols";
import { deviceName } from "../../engine/planErrors";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";

interface StageOptions {
  /** The group that a later `wait` names; default: none. */
  readonly group?: unknown;
  /**
   * Whether to wait until staged. With false, a device that stages at once is
   * refused, as nothing is left to wait for.
   */
  readonly wait?: boolean | null;
}

/** Prepares a device for measuring. The engine unstages it at the end if the plan doesn't. */
export const stage = plan("stage", function* (device: Partial<Stageable>, options: StageOptions = {}): Plan<unknown> {
  return yield* stageOne("stage", device, options);
});

/** Undoes `stage`. */
export const unstage = plan(
  "unstage",
  function* (device: Partial<Stageable>, options: StageOptions = {}): Plan<unknown> {
    return yield* stageOne("unstage", device, options);
  },
);

/** Stages devices in one group and waits for it; fails if one of them fails. */
export const stageAll = plan("stageAll", function* (...args: readonly object[]): Plan<void> {
  yield* stageSeveral("stage", args);
});

/** Unstages devices in one group and waits for it; fails if one of them fails. */
export const unstageAll = plan("unstageAll", function* (...args: readonly object[]): Plan<void> {
  yield* stageSeveral("unstage", args);
});

function* stageOne(
  command: "stage" | "unstage",
  device: unknown,
  { group = null, wait: waits = null }: StageOptions,
): Plan<unknown> {
  const result = yield Msg(command, device, [], { group });
  if (!isStatus(result)) {
    if (waits === false) {
      throw new UsageError(`${command} of ${deviceName(device)} is done at once: it can't be waited for later`);
    }
  } else if (waits) {
    yield Msg("wait", null, [], { group });
  }
  return result;
}

function* stageSeveral(command: "stage" | "unstage", devices: readonly object[]): Plan<void> {
  const group = uniqueGroup(command);
  let pending = false;
  for (const device of devices) {
    const result = yield Msg(command, device, [], { group });
    pending ||= isStatus(result);
  }
  if (pending) yield Msg("wait", null, [], { group });
}
