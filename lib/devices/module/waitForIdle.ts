/** Waits until a module is idle. */

import type { SetOptions } from "../../core/protocols/protocols";
import { deadline } from "../../core/status/deadline";
import { Status } from "../../core/status/status";
import { CommunicationFailedError, DisabledError, HardwareError, type SecopError } from "../../errors";
import { isBusy, type ModuleStatus } from "../../secop/values/moduleStatus";
import type { ModuleHandle } from "./moduleHandle";
import { statusText } from "./statusText";

/** The error for a module in the state ERROR or DISABLED; undefined in any other state. */
export function brokenState(handle: ModuleHandle, status: ModuleStatus): SecopError | undefined {
  const options = { module: handle.name, accessible: "status" };
  const words = `${handle.name} is in state ${statusText(status)}`;
  if (status.group === "ERROR") return new HardwareError(words, options);
  return status.group === "DISABLED" ? new DisabledError(words, options) : undefined;
}

/**
 * Done when the module is not busy, by a status read for this purpose, not by a remembered one. Fails when
 * the module is in error or disabled, when the connection is lost, and after `timeout` seconds (default:
 * never).
 */
export function waitForIdle(handle: ModuleHandle, options: SetOptions = {}): Status {
  if (handle.link.mocked || !handle.parameter("status")) return Status.completed(handle.name);
  return new Status((resolve, reject) => {
    const { client } = handle;
    const undo: (() => void)[] = [];
    const settle = (error: unknown) => {
      for (const off of undo) off();
      if (error) reject(error);
      else resolve();
    };
    const judge = (status: ModuleStatus | undefined) => {
      if (status && !isBusy(status.code)) settle(brokenState(handle, status));
    };
    const lost = (reason: string) =>
      settle(
        new CommunicationFailedError(`lost the connection while waiting for ${handle.name} to be idle: ${reason}`),
      );
    // Only this call may throw. It comes first, so that nothing has to be undone then.
    undo.push(client.onUpdate(handle.name, "status", (item) => judge(handle.status(item))));
    undo.push(handle.link.onLost(lost));
    undo.push(deadline(options, () => `${handle.name} to be idle (${stateWords(handle)})`, settle));
    client.read(handle.name, "status").then((item) => judge(handle.status(item)), settle);
  }, handle.name);
}

/** The state of the module, for messages. */
export function stateWords(handle: ModuleHandle): string {
  const item = handle.known("status");
  const status = handle.status(item);
  return status
    ? `it is ${statusText(status)}`
    : `its status is unknown${item?.error ? `: ${item.error.message}` : ""}`;
}
