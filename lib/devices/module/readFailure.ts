/** The error of a group read that one parameter made fail. */

import { memberPath } from "../../core/device/memberPath";
import { readAdvice } from "../../core/standard/readAdvice";
import { SecopError, secopError } from "../../errors";
import type { ModuleHandle } from "./moduleHandle";

/**
 * Adds advice to the error of one parameter: the code by which the other parameters can be read without it.
 * Returns other errors unchanged.
 *
 * @param node name of the node's device.
 */
export function readFailure(handle: ModuleHandle, node: string | undefined, error: unknown): unknown {
  if (!(error instanceof SecopError) || error.module !== handle.name || error.accessible === undefined) return error;
  const { code, module, accessible } = error;
  if (handle.defunct || handle.retired.has(accessible)) return error;
  const path = memberPath([node, handle.member], "node");
  const signal = memberPath([node, handle.member, handle.names.get(accessible)?.member ?? accessible], "node");
  return secopError(code, `${error.message} (${readAdvice(path, signal)})`, { module, accessible, cause: error });
}
