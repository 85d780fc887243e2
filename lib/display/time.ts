/**
 * Times and durations for reading; arguments are in seconds, times are seconds since 1970 (UTC) and shown in
 * local time.
 */

import { timeNow } from "../clock";

const twoDigits = (n: number): string => String(n).padStart(2, "0");

/** `14:03:22`. */
export function formatTime(time: number): string {
  const date = new Date(time * 1000);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

/** `14:03:22.5`, as in bluesky's LiveTable. */
export function formatTimeTenths(time: number): string {
  return `${formatTime(time)}.${Math.floor(new Date(time * 1000).getMilliseconds() / 100)}`;
}

/** `2026-11-22 14:03:22`. */
export function formatDateTime(time: number): string {
  const date = new Date(time * 1000);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${formatTime(time)}`;
}

/** The time alone if it is today, else date and time. */
export function formatMoment(time: number): string {
  const isToday = new Date(time * 1000).toDateString() === new Date(1000 * timeNow()).toDateString();
  return isToday ? formatTime(time) : formatDateTime(time);
}

/** `3 min 12 s`: the two largest units. Below 10 s with one decimal at most, below 1 s in ms. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "∞";
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, 60, "min", 1, "s");
  if (whole < 86400) return pair(whole, 3600, "h", 60, "min");
  return pair(whole, 86400, "d", 3600, "h");
}

/** The time that is left, in whole seconds so that it does not flicker, and at least one: `6 s left`. */
export const timeLeftText = (seconds: number): string => `${formatDuration(Math.max(1, Math.round(seconds)))} left`;

function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const smalls = Math.round(seconds / small);
  const perLarge = large / small;
  const rest = smalls % perLarge;
  return `${Math.floor(smalls / perLarge)} ${largeName}${rest ? ` ${rest} ${smallName}` : ""}`;
}
