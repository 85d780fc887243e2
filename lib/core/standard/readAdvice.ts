/** The advice in the error of a signal that makes the reading of its device fail. */

import { ClearError } from "../../clearError";
import type { Device } from "../device/device";
import { devicePath } from "../device/memberPath";
import type { SignalR } from "../signal/signal";

/**
 * The error, with the code by which the other signals of the device can be read. Waiting is the better advice
 * while the connection is lost: the error is then returned as it is, and so is one of another library.
 */
export function withReadAdvice(error: unknown, device: Device, signal: SignalR): unknown {
  if (!(error instanceof ClearError) || signal.lostConnection()) return error;
  return error.advised(readAdvice(devicePath(device), devicePath(signal)));
}

/**
 * The code by which a device is read without one of its signals.
 *
 * @param device the expression that reaches the device; `signal` is that of the signal.
 */
export function readAdvice(device: string, signal: string): string {
  return `to go without it: ${device}.setFormat(${signal}, "omit"); to record NaN: ${device}.readErrorPolicy = "nan"`;
}
