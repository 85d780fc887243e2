/** The status of a run for displays. */

import type { State } from "../../display/statusDot";
import type { RunStop } from "../../engine/documents/documents";

/** The end of a run as the colour and the word of a dot. */
export function statusOf(stop: RunStop | undefined): { readonly state: State; readonly word: string } {
  switch (stop?.exit_status) {
    case "success":
      return { state: "ok", word: "success" };
    case "abort":
      return { state: "warn", word: "aborted" };
    case "fail":
      return { state: "bad", word: "failed" };
    default:
      return { state: "off", word: "no end" };
  }
}
