/** A cell that is checked and compiled, and has not run yet. */

import type { Script } from "node:vm";
import type { CellModules } from "../modules/cellModules";
import { cellScript } from "../modules/cellRuntime";
import type { DeclaredName } from "../modules/declaredNames";
import type { CompilerOptions } from "../modules/workspace";
import type { Diagnostic } from "../tslabAdapter";
import { type AcceptedCell, namesToLookUp } from "./cellChecker";
import type { CellText } from "./cellText";
import { type CompiledCell, compileCell, starMember } from "./compileCell";
import { cellNotice } from "./serverDiagnostics";

export type PreparedCell = RunnableCell | RefusedCell;

/** A cell without errors. */
export interface RunnableCell {
  readonly code: string;
  /** The name of its module. */
  readonly name: string;
  readonly source: CellText;
  readonly accepted: AcceptedCell;
  readonly compiled: CompiledCell;
  /** Undefined if V8 compiles it when it runs. */
  readonly script?: Script;
}

/** A cell that must not run. */
export interface RefusedCell {
  readonly code: string;
  readonly errors: readonly Diagnostic[];
  /** The names that it would have declared. */
  readonly lost: readonly DeclaredName[];
  readonly compiled: undefined;
}

/**
 * Compiles a cell while it is checked, where that is possible. Rejects if it is correct but cannot be
 * compiled.
 *
 * @param name The name of its module.
 * @param checking The check of the cell, which has begun already.
 */
export async function prepareCell(
  name: string,
  source: CellText,
  checking: Promise<AcceptedCell>,
  cells: CellModules,
  options: CompilerOptions,
): Promise<PreparedCell> {
  const early = compileUnchecked(name, source, cells, options);
  const accepted = await checking;
  const { code, declared } = source;
  if (accepted.errors.length > 0) return { code, errors: accepted.errors, lost: declared, compiled: undefined };
  return {
    code,
    name,
    source,
    accepted,
    ...(early ?? { compiled: compileAccepted(source, accepted, cells, options) }),
  };
}

/** A cell that is not checked, for the reason that `text` gives. */
export function refusedCell(code: string, text: string): RefusedCell {
  return { code, errors: [cellNotice(code, { start: 0, end: code.length }, text)], lost: [], compiled: undefined };
}

/**
 * The cell compiled before its check. Undefined if that needs an answer of TypeScript's compiler, or is not
 * possible at all: such a cell is compiled after its check, whose errors say more.
 */
function compileUnchecked(
  name: string,
  source: CellText,
  cells: CellModules,
  options: CompilerOptions,
): Pick<RunnableCell, "compiled" | "script"> | undefined {
  if (source.broken || source.stars.length > 0 || namesToLookUp(source).length > 0) return undefined;
  try {
    const { declared } = source;
    const compiled = compileAccepted(source, { own: declared, declared: [], stars: [] }, cells, options);
    return { compiled, script: cellScript({ ...compiled, name, declared }) };
  } catch {
    return undefined;
  }
}

function compileAccepted(
  source: CellText,
  accepted: Pick<AcceptedCell, "own" | "declared" | "stars">,
  cells: CellModules,
  options: CompilerOptions,
): CompiledCell {
  const own = new Set([...source.declared.map(({ name }) => name), ...source.disposed]);
  const cellOf = (name: string): string | undefined => {
    const live = own.has(name) ? undefined : cells.names.get(name);
    return live === undefined || live.kind === "type" ? undefined : live.cell;
  };
  const declared = [...accepted.own, ...accepted.declared.filter(({ origin }) => origin === "reexport")];
  const compiled = compileCell(
    source,
    declared.map((name) => ({ comment: "", ...name })),
    cellOf,
    options,
  );
  const { reexported, modules } = compiled;
  const starred = accepted.stars.flatMap(({ names }) => names);
  const missing = starred.filter((name) => !reexported.has(name) && !own.has(name));
  const added = missing.map((name) => [name, starMember(source.stars, modules, name)] as const);
  return { ...compiled, reexported: new Map([...reexported, ...added]) };
}
