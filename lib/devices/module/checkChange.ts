/** The check of a new value before it is sent to the node. */

import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";
import { errorText, ReadOnlyError, SecopError, secopError } from "../../errors";
import { offsetOf, shiftedCodec } from "../../secop/cache/offset";
import { type Codec, codecFor } from "../../secop/values/codecFor";
import { shown } from "../../secop/values/codecs/index";
import type { Datainfo } from "../../secop/values/datainfo";
import { datainfoUnit } from "../../secop/values/datainfoUnit";
import { presentInfo } from "./dynamicLimits";
import type { ModuleHandle } from "./moduleHandle";

/**
 * Checks a new value of a parameter by its datainfo and the limits that the node reports; nothing is sent.
 * Returns the value as the node would report it: a list of numbers as a typed array, a scaled number rounded
 * to its step.
 *
 * @throws ReadOnlyError, SecopRangeError or WrongTypeError: `cannot set cryo:target to 400 K: the node allows
 * 0 K to 325 K`.
 */
export function checkChange(handle: ModuleHandle, name: string, value: unknown): unknown {
  const { datainfo, constant, readonly } = handle.require(name);
  const module = handle.name;
  const place = { module, accessible: name };
  const wanted = typeof value === "number" ? withUnits(formatValue(value), datainfoUnit(datainfo)) : shown(value);
  const refusal = `cannot set ${module}:${name} to ${wanted}`;
  if (constant !== undefined) throw new ReadOnlyError(`${refusal}: it is a constant`, place);
  if (readonly) throw new ReadOnlyError(`${refusal}: it is read-only`, place);
  try {
    const codec = codecOf(handle, name, presentInfo(handle, name));
    return codec.decode(codec.encode(value));
  } catch (error) {
    const code = error instanceof SecopError ? error.code : "WrongType";
    throw secopError(code, `${refusal}: ${errorText(error)}`, { ...place, cause: error });
  }
}

function codecOf(handle: ModuleHandle, name: string, datainfo: Datainfo): Codec {
  const offset = offsetOf(handle.description, name);
  return shiftedCodec(codecFor(datainfo), datainfo, offset && handle.known(offset)?.value);
}
