/** The readings of the parameters of a simulated module: their values at the start, and their noise. */

import { gaussian, seededRandom } from "../../randomSource";
import type { ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import { physicalLimits } from "../../secop/values/scale";
import { widestLimit } from "./limitParameters";
import type { ModuleBehaviour } from "./moduleBehaviour";

/** Makes the readings of one module. */
export class ReplicaReadings {
  readonly #module: ModuleDescription;
  readonly #behaviour: ModuleBehaviour | undefined;
  readonly #random: () => number;

  constructor(module: ModuleDescription, behaviour: ModuleBehaviour | undefined) {
    this.#module = module;
    this.#behaviour = behaviour;
    // Each module has noise of its own, the same at each start.
    this.#random = seededRandom([...module.name].reduce((seed, c) => 31 * seed + c.charCodeAt(0), 1));
  }

  /** The recorded value at the start, or the widest limit; undefined for the plainest value. */
  initial({ name, datainfo }: ParameterDescription): unknown {
    const wire = this.#behaviour?.start.get(name);
    try {
      if (wire !== undefined) {
        const value = codecFor(datainfo).decode(wire);
        codecFor(datainfo).encode(value);
        return value;
      }
    } catch {
      // The value was redacted, or was outside the limits of the node.
    }
    return widestLimit(this.#module, name, datainfo);
  }

  /** Whether readings of a parameter differ from one to the next. */
  isNoisy(name: string): boolean {
    return (this.#behaviour?.noise.get(name) ?? 0) > 0;
  }

  /** A reading of a parameter whose true value is given. */
  of(name: string, value: unknown): unknown {
    const datainfo = this.datainfo(name);
    if (typeof value !== "number" || !datainfo) return value;
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = physicalLimits(datainfo);
    const noisy = value + (this.#behaviour?.noise.get(name) ?? 0) * gaussian(this.#random);
    const reading = Math.min(max, Math.max(min, noisy));
    return datainfo.type === "int" ? Math.round(reading) : reading;
  }

  datainfo(name: string): Datainfo | undefined {
    const accessible = this.#module.accessibles.get(name);
    return accessible?.kind === "parameter" ? accessible.datainfo : undefined;
  }
}
