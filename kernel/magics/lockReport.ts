/** The words for a node that is not as it was locked: the changes that the notebook uses come first. */

import { basename } from "node:path";
import { type LockDifference, lockDriftText, type NodeLock } from "../../lib/index";
import { isReplaying } from "../../lib/journal";
import { codeOfFile, usedMembers } from "./usedModules";

/** A node that is not as it was locked. */
export interface LockReport {
  readonly notebook: string;
  /** The variable that has the node. */
  readonly name: string;
  /** How messages name the file of the lock. */
  readonly file: string;
  readonly lock: NodeLock;
  readonly differences: readonly LockDifference[];
}

/** How many differences one line names, and how many lines list those that the notebook does not use. */
const MOST_IN_LINE = 4;
const MOST_UNUSED = 20;

/** The report as lines, for the cell that connects. */
export function lockReportText(report: LockReport): string {
  const { used, others } = judged(report);
  const lines =
    used.length > 0
      ? [`${head(report)}.`, "What this notebook uses has changed:", lockDriftText(used)]
      : [`${head(report)}, but nothing that this notebook uses has changed:`];
  if (used.length > 0 && others.length > 0) lines.push("Also changed, but not used by this notebook:");
  if (others.length > 0) lines.push(lockDriftText(others.slice(0, MOST_UNUSED)));
  if (others.length > MOST_UNUSED) lines.push(`  and ${others.length - MOST_UNUSED} more`);
  if (!isReplaying()) lines.push(`To go on with the node as it is now:  %lock accept ${report.name}`);
  return lines.join("\n");
}

/** The report on one line, for a terminal or the log of CI. */
export function lockReportLine(report: LockReport): string {
  const { used, others } = judged(report);
  const all = [...used, ...others];
  const worded = all.filter(({ kind }) => kind !== "text");
  const named = (worded.length > 0 ? worded : all).slice(0, MOST_IN_LINE).map((one) => {
    return lockDriftText([one]).trim().replace(/ {2,}/, " ");
  });
  const more = all.length - named.length;
  const matters = `${used.length > 0 ? "what" : "nothing that"} the notebook uses has changed`;
  const advice = isReplaying() ? "record again" : `accept it: secop-lab run ${basename(report.notebook)} --accept`;
  return `${head(report)}, ${matters}: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}; ${advice}`;
}

function head({ name, lock, file }: LockReport): string {
  const subject = isReplaying() ? `the recording of ${name}` : name;
  return `${subject} is not as it was locked on ${lock.locked} (${file})`;
}

/** The differences that matter for the notebook, and the others. */
function judged({ notebook, name, differences }: LockReport) {
  const cells = codeOfFile(notebook);
  const members = cells ? usedMembers(cells, name) : "all";
  const isUsed = ({ module, member, kind }: LockDifference): boolean => {
    if (kind === "text") return false;
    if (module === undefined) return kind === "incompatible";
    return members === "all" || members.has(module) || members.has(member ?? module);
  };
  return {
    used: differences.filter(isUsed),
    others: differences.filter((difference) => !isUsed(difference)),
  };
}
