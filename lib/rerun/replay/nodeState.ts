/**
 * The state of a recorded node at a place in the recording: its identity, description and parameters.
 */

import { isDeepStrictEqual } from "node:util";
import { parseJson } from "../../json";
import { splitMessage } from "../../secop/wire/secopMessage";

/** The value in a report such as `[10.0, {}]`; undefined if a node has sent anything else. */
function reportedValue(json: string): unknown {
  try {
    const report = parseJson(json);
    return Array.isArray(report) ? report[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a JSON text stands for this value: `10` is the same as `10.0`. */
function isSameJson(text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(parseJson(text), value);
  } catch {
    return false;
  }
}

/** Follows the state of a node, message by message. */
export class NodeState {
  /** The answer to `*IDN?`. */
  identity = "ISSE,SECoP,,unknown";
  /** The answer to `describe`. */
  describing = 'describing . {"modules": {}}';
  /** The last report of each parameter: `[value, {...}]`, or of its error. */
  readonly #reports = new Map<string, { readonly isError: boolean; readonly json: string }>();

  /** Takes a line that the node sent. */
  receive(line: string): void {
    const { action, specifier, json } = splitMessage(line);
    if (action === "describing") this.describing = line;
    else if (json === undefined) return;
    else if (action === "update" || action === "reply" || action === "changed") {
      this.#reports.set(specifier, { isError: false, json });
    } else if (action === "error_update" || action === "error_read") {
      this.#reports.set(specifier, { isError: true, json });
    }
  }

  /** The answer to a read; undefined if the parameter was never reported. */
  reply(specifier: string): string | undefined {
    const report = this.#reports.get(specifier);
    return report && `${report.isError ? "error_read" : "reply"} ${specifier} ${report.json}`;
  }

  /**
   * The answer to a request that changes nothing; undefined for other requests, and if the answer is not
   * known.
   */
  answer(line: string, time: number): string[] | undefined {
    const { action, specifier } = splitMessage(line);
    switch (action) {
      case "*IDN?":
        return [this.identity];
      case "describe":
        return [this.describing];
      case "activate":
        return [...this.updates(specifier), specifier === "" ? "active" : `active ${specifier}`];
      case "deactivate":
        return ["inactive"];
      case "ping":
        return [`pong ${specifier} [null, {"t": ${time.toFixed(3)}}]`];
      case "logging":
        return [`logging ${specifier} "off"`];
      case "read": {
        const reply = this.reply(specifier);
        return reply === undefined ? undefined : [reply];
      }
      default:
        return undefined;
    }
  }

  /** The answer to a `change` or `check` with the value that the node has already; undefined for others. */
  unchanged(line: string): string | undefined {
    const { action, specifier, json } = splitMessage(line);
    const reply = action === "change" ? "changed" : action === "check" ? "checked" : undefined;
    const report = this.#reports.get(specifier);
    if (reply === undefined || json === undefined || !report || report.isError) return undefined;
    return isSameJson(json, reportedValue(report.json)) ? `${reply} ${specifier} ${report.json}` : undefined;
  }

  /** The values of the parameters of a module, as on the wire. */
  *values(module: string): Generator<readonly [parameter: string, value: unknown]> {
    for (const [specifier, { isError, json }] of this.#reports) {
      const [owner, parameter = ""] = specifier.split(":");
      const value = reportedValue(json);
      if (owner === module && !isError && value !== undefined) yield [parameter, value];
    }
  }

  /** Updates with all known values, as a node sends them before `active`. */
  updates(module = ""): string[] {
    const wanted = [...this.#reports].filter(([specifier]) => module === "" || specifier.startsWith(`${module}:`));
    return wanted.map(
      ([specifier, { isError, json }]) => `${isError ? "error_update" : "update"} ${specifier} ${json}`,
    );
  }
}
