import { formatValue } from "../display/formatValue";
import { withUnits } from "../display/number";
import { errorText, ReadOnlyError, SecopError, secopError } from "../errors";
import { codecFor } from "../secop/codec";
import type { ParameterDescription } from "../secop/description";
import { unitOf } from "./dataKey";

/**
 * Refuses what the node would have to refuse, before anything is sent.
 *
 * @throws ReadOnlyError, SecopRangeError or WrongTypeError: `cannot set cryo:target to 400 K: the node allows 0 K to 325 K`.
 */
export function checkChange(module: string, parameter: ParameterDescription, value: unknown): void {
  const { name, datainfo } = parameter;
  const place = { module, accessible: name };
  const shown = withUnits(formatValue(value), typeof value === "number" ? unitOf(datainfo) : "");
  const refusal = `cannot set ${module}:${name} to ${shown}`;
  if (parameter.constant !== undefined) throw new ReadOnlyError(`${refusal}: it is a constant`, place);
  if (parameter.readonly) throw new ReadOnlyError(`${refusal}: it is read-only`, place);
  try {
    codecFor(datainfo).encode(value);
  } catch (error) {
    const code = error instanceof SecopError ? error.code : "WrongType";
    throw secopError(code, `${refusal}: ${errorText(error)}`, { ...place, cause: error });
  }
}
