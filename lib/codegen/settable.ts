import type { ParameterDescription } from "../secop/description/description";

/** Whether a parameter is a signal that can be set: a constant cannot, whatever `readonly` says. */
export const isSettable = ({ readonly, constant }: ParameterDescription): boolean =>
  !readonly && constant === undefined;
