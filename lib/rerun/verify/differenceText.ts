/** Values as reports of differences write them. */

import { oneLine } from "../../printable";

/** A value as JSON on one line, shortened to 80 characters. */
export const shownValue = (value: unknown): string => oneLine(JSON.stringify(value) ?? "nothing", 80);
