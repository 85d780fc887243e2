import type { Plan } from "../../core/msg";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";

/** A plan with positions relative to where the motors are when it starts; they go back there at its end. */
export function around<T>(motors: readonly object[], inner: Plan<T>): Plan<T> {
  return resetPositionsWrapper(relativeSetWrapper(inner, motors), motors);
}
