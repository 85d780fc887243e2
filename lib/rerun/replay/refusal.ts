/** The refusals of requests that a recording cannot answer, with what it holds instead. */

import { oneLine } from "../../printable";
import { splitMessage } from "../../secop/wire/secopMessage";
import { type RecordedRequest, type RecordedRequests, requestKey } from "./recordedRequests";

/** How many of the recorded values are listed. */
const LISTED = 6;
/** The advice about a request that was not recorded. */
const ADVICE = "record again, or `--simulate` the rest";

/** A `check` as the change that it tries out; any other request as it is. */
const asChange = (line: string): string => line.replace(/^check /, "change ");

/**
 * Why a request is refused, in one line; a `check` is refused for the reason of its change. `advice` says
 * what to do.
 */
export function refusalText(requests: RecordedRequests, node: string, line: string, advice = ADVICE): string {
  const request = asChange(line);
  const { action, specifier } = splitMessage(request);
  const asked = `${oneLine(`${action} ${specifier}`)}${valueText(request)}`;
  const alike = requests.alike(node, action, specifier);
  const same = alike.filter(({ key }) => key === requestKey(request));
  const used = same.filter(({ asked: wasAsked }) => wasAsked).length;
  if (same.length > used) {
    const { no, at } = (same.at(-1) as RecordedRequest).line;
    return `"${asked}" comes too late: the recording is past it (line ${no}, ${at} s); ${advice}`;
  }
  if (same.length > 0) {
    const times = same.length === 1 ? "once" : `${same.length} times`;
    return `"${asked}" was recorded ${times}, and that is used up: ${advice}`;
  }
  if (alike.length === 0) {
    const never = action === "change" ? "set" : action === "do" ? "called" : "asked";
    return `no "${asked}" was recorded: ${oneLine(specifier) || "it"} was never ${never}; ${advice}`;
  }
  const values = [...new Set(alike.map(({ line: { text } }) => valueText(text).trim() || "nothing"))];
  const list =
    values.length > LISTED ? `${values.slice(0, LISTED - 1).join(", ")} ... ${values.at(-1)}` : values.join(", ");
  return `no "${asked}" was recorded: ${list} ${values.length === 1 ? "was" : "were"}; ${advice}`;
}

/** The error report that refuses a request. */
export function refusal(line: string, text: string): string {
  const { action, specifier } = splitMessage(line);
  return `error_${action} ${specifier} ${JSON.stringify(["Impossible", text, {}])}`;
}

/**
 * The answer to a `check` that was not recorded, if the change itself was: then the value is valid. Undefined
 * for any other request.
 */
export function checkedAsChange(requests: RecordedRequests, node: string, line: string): string | undefined {
  const { action, specifier, json } = splitMessage(line);
  if (action !== "check") return undefined;
  const key = requestKey(asChange(line));
  const isRecorded = requests.alike(node, "change", specifier).some((request) => request.key === key);
  return isRecorded ? `checked ${specifier} [${json ?? "null"}, {}]` : undefined;
}

/** The value of a request with a blank before it; empty for none. */
function valueText(line: string): string {
  const { json } = splitMessage(line);
  return json === undefined ? "" : ` ${oneLine(json, 40)}`;
}
