/** The demands of the spec on `meaning` (1.x: a pair, 2.0: an object). */

import type { Meaning } from "../presentation";
import type { Report } from "./nameRules";

const FUNCTIONS = new Set([
  ...["temperature", "magneticfield", "electricfield", "pressure", "rotation_z", "humidity", "viscosity", "flowrate"],
  ...["concentration", "ph", "conductivity", "voltage", "surfacepressure", "stress", "strain", "shear", "level"],
  // The text of the draft has this name for what its schemata call level.
  "heliumlevel",
]);

export function checkMeaning(meaning: Meaning | undefined, report: Report): void {
  if (!meaning) return;
  const { function: quantity, importance, belongsTo, link, key } = meaning;
  if (quantity !== undefined && !quantity.startsWith("_") && !FUNCTIONS.has(quantity.replace(/_regulation$/, ""))) {
    report(`meaning: the function ${JSON.stringify(quantity)} is unknown`);
  }
  if (importance !== undefined && !(Number.isInteger(importance) && importance >= 0 && importance <= 50)) {
    report(`meaning: importance is an integer from 0 to 50, not ${importance}`);
  }
  if (quantity === undefined && (importance !== undefined || belongsTo !== undefined)) {
    report("meaning: importance and belongs_to need a function");
  }
  if (key !== undefined && link === undefined) report("meaning: a key needs a link");
}
