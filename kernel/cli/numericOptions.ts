/** Numbers that are given as options on the command line. */

import { UsageError } from "../../lib/index";

const MAX_PORT = 65_535;

/** A TCP or UDP port; 0 stands for a free one. */
export function portOf(text: string, option = "--port"): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= MAX_PORT) return port;
  throw new UsageError(`${option} takes a number from 0 to ${MAX_PORT}, not ${text}`);
}

/**
 * How many seconds pass within one second of real time.
 *
 * @param hint The end of the error message: what may be written instead.
 */
export function speedOf(text: string, hint = ": 1 is real time"): number {
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new UsageError(`--speed ${text} is not a positive number${hint}`);
}
