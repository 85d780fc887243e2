/** Values and numbers of things, as reports of differences write them. */

import { oneLine } from "../../printable";

export const shownValue = (value: unknown): string => oneLine(JSON.stringify(value) ?? "nothing", 80);
