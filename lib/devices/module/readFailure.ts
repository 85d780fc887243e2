import { SecopError, secopError } from "../../errors";
import { memberNames } from "../../secop/description/memberName";
import { memberPath } from "./memberPath";
import type { ModuleHandle } from "./moduleHandle";

/**
 * The error of a module that is read as a whole: where the node tells that it has no value of one parameter, with the lines by which
 * the rest can be read. `node` is the name of its device.
 */
export function readFailure(handle: ModuleHandle, node: string | undefined, error: unknown): unknown {
  if (!(error instanceof SecopError) || error.module !== handle.name || error.accessible === undefined) return error;
  const { code, module, accessible } = error;
  if (handle.defunct || handle.retired.has(accessible)) return error;
  const path = memberPath(node, module);
  const signal = memberPath(node, module, memberNames(handle.description.accessibles.keys()).get(accessible));
  const advice = `to go without it: ${path}.setFormat(${signal}, "omit"); to record NaN: ${path}.readErrorPolicy = "nan"`;
  return secopError(code, `${error.message} (${advice})`, { module, accessible, cause: error });
}
