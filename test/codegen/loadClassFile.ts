/**
 * Runs a class file as a kernel does: compiled without a type check, with "secop-lab" replaced by the
 * sources of its devices.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import ts from "typescript";
import * as devices from "../../lib/devices/index";

type NodeClass = new (uri: string, options?: devices.NodeOptions) => devices.TypedNode;

/** The exports of the file. */
export function loadClassFile(path: string): Record<string, NodeClass> {
  const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
    fileName: path,
  });
  const exports: Record<string, NodeClass> = {};
  const require = createRequire(path);
  const load = (name: string): unknown => (name === "secop-lab" ? devices : require(name));
  compileFunction(outputText, ["exports", "require"], { filename: path })(exports, load);
  return exports;
}
