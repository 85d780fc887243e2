/** A device with a signal of every kind of value, for tests of what handles all of them. */

import { softSignalRw } from "../core/signal/softSignal";
import { StandardReadable } from "../core/standard/standardReadable";

/** A soft device with a signal for each kind of value that signals can have. All are recorded. */
export class OneOfEverything extends StandardReadable {
  readonly number = softSignalRw<number>(0.5, { units: "mm", precision: 3 });
  readonly integer = softSignalRw<number>(3, { dtype: "integer" });
  readonly bigint = softSignalRw<bigint>(2n ** 60n);
  readonly text = softSignalRw<string>("größer");
  readonly flag = softSignalRw<boolean>(true);
  readonly choice = softSignalRw<"open" | "closed">("open", { choices: ["open", "closed"] });
  readonly numbers = softSignalRw(new Float64Array([1, 2.5]));
  readonly integers = softSignalRw(new Int32Array([1, 2]));
  readonly bytes = softSignalRw(new Uint8Array([0, 255]));
  readonly texts = softSignalRw<readonly string[]>(["a", "b"]);
  readonly empty = softSignalRw(new Float64Array());

  constructor(name = "everything") {
    super(name);
    this.addReadables(Array.from(this.children(), ([, child]) => child));
  }
}

/** A new `OneOfEverything`. */
export const oneOfEverything = (name?: string): OneOfEverything => new OneOfEverything(name);
