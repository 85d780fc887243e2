/** The alarm that a module's status raises on its value. */

import type { Reading } from "../../core/protocols/protocols";
import type { ModuleStatus } from "../../secop/values/moduleStatus";
import { statusText } from "./statusText";

/** The alarm fields of a reading: severity 1 is a warning, 2 an error, -1 an unknown state. */
export type ModuleAlarm = Required<Pick<Reading, "alarm_severity" | "message">>;

/** The alarm of a status; undefined for IDLE and BUSY. */
export function moduleAlarm(status: ModuleStatus): ModuleAlarm | undefined {
  const { group } = status;
  if (group === "IDLE" || group === "BUSY") return undefined;
  const alarm_severity = group === "WARN" ? 1 : group === "UNKNOWN" ? -1 : 2;
  return { alarm_severity, message: statusText(status) };
}
