/** Values and numbers of things, as reports of differences write them. */

import { oneLine } from "../../printable";

export const shownValue = (value: unknown): string => oneLine(JSON.stringify(value) ?? "nothing", 80);
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
