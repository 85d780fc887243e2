/** The reports of the parameters of a recorded module, and the starts of its movements. */

import type { ModuleDescription } from "../../secop/description/description";
import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import type { RecordedStart } from "./recordedMoves";
import type { RecordedNode, RecordedReport } from "./recordedNode";

/** A number that was reported, and when, in seconds of the recording. */
export interface RecordedNumber {
  readonly at: number;
  readonly value: number;
}

/** The reports of the parameters of a module, decoded on request. */
export class ParameterHistory {
  readonly #module: ModuleDescription;
  readonly #recorded: RecordedNode;

  constructor(module: ModuleDescription, recorded: RecordedNode) {
    this.#module = module;
    this.#recorded = recorded;
  }

  reports(name: string): readonly RecordedReport[] {
    return this.#recorded.reports.get(`${this.#module.name}:${name}`) ?? [];
  }

  datainfo(name: string): Datainfo | undefined {
    const accessible = this.#module.accessibles.get(name);
    return accessible?.kind === "parameter" ? accessible.datainfo : undefined;
  }

  /** A value of the wire in its own unit; undefined if it is of another type, as a redacted one is. */
  decoded(name: string, wire: unknown): unknown {
    const datainfo = this.datainfo(name);
    try {
      return datainfo && codecFor(datainfo).decode(wire);
    } catch {
      return undefined;
    }
  }

  numbers(name: string): RecordedNumber[] {
    return this.reports(name).flatMap(({ at, value: wire }) => {
      const value = this.decoded(name, wire);
      return typeof value === "number" ? [{ at, value }] : [];
    });
  }

  /** The value at a time. */
  at(name: string, time: number): unknown {
    return this.decoded(name, this.wireAt(name, time));
  }

  /** The value at a time, as on the wire. */
  wireAt(name: string, time: number): unknown {
    return this.reports(name).findLast(({ at }) => at <= time)?.value;
  }
}

/** The starts of movements: the calls of `go` if the module has it, else the changes of its target. */
export function startsOf(
  module: ModuleDescription,
  { calls }: RecordedNode,
  history: ParameterHistory,
): RecordedStart[] {
  const begins = module.accessibles.has("go") ? `${module.name}:go` : `${module.name}:target`;
  const accepted = calls.filter((call) => call.specifier === begins && call.answeredAt !== undefined && !call.error);
  return accepted.map(({ sentAt, answeredAt, statusesBefore, result }) => {
    const goal = history.decoded("target", result);
    return { sentAt, answeredAt, statusesBefore, goal: typeof goal === "number" ? goal : undefined };
  });
}
