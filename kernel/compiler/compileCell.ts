/**
 * The JavaScript of a checked cell. transform.ts takes the types away; then the cell becomes the body of a
 * function: each name that comes from another module is read as a member of it, so that it stays live, and
 * the last expression is what the function returns.
 */

import type { Program } from "oxc-parser";
import type { ExecutableCell } from "../modules/cellRuntime";
import type { CompilerOptions } from "../modules/workspace";
import type { CellName } from "./cellDeclarations";
import type { CellText } from "./cellText";
import { type ModuleMember, memberEdits } from "./memberEdits";
import { parse } from "./parser";
import { EditedText, lineStarts, type TextEdit } from "./textEdits";
import { transform } from "./transform";

export interface CompiledCell extends Pick<ExecutableCell, "js" | "modules" | "reexported"> {
  /** Makes the source map from the text that transform.ts wrote, as JSON. */
  map(): string;
  /** The column in the text that transform.ts wrote, for a place in `js`. */
  mappedColumn(line: number, column: number): number;
  /** The text that transform.ts read. */
  readonly source: EditedText;
}

const VALUE_VARIABLE = "__secopLabValue";

/** What later cells read, for a name that the cell exports without declaring it. */
interface Members {
  readonly modules: Map<string, string>;
  readonly reexported: Map<string, string>;
}

/**
 * @param declared What the cell leaves; imports of types are distinguished from those of values.
 * @param cellOf The module of the cell that holds a living name.
 */
export function compileCell(
  source: CellText,
  declared: readonly CellName[],
  cellOf: (name: string) => string | undefined,
  options: CompilerOptions,
): CompiledCell {
  const types = new Set(declared.filter(({ kind }) => kind === "type").map(({ name }) => name));
  const readable = new EditedText(source.edited.text, sourceEdits(source, types));
  const emitted = transform(readable.text, source.tsx ? "cell.tsx" : "cell.ts", options);
  const { program } = parse(emitted.code, "js");
  const found: Members = { modules: new Map(), reexported: new Map() };
  const imports = importedMembers(program, types, found);
  const living = (name: string): ModuleMember | undefined => {
    const cell = cellOf(name);
    return cell === undefined ? undefined : { module: moduleVariable(found.modules, `./${cell}`), name };
  };
  const edits = [
    ...memberEdits(program, imports, living),
    ...program.body.flatMap((node) => statementEdits(node as ModuleStatement, emitted.code)),
  ];
  for (const { name, kind, origin } of declared) {
    const member = imports.get(name);
    if (kind !== "type" && origin === "import" && member) found.reexported.set(name, memberText(member));
  }
  exportedMembers(source, types, imports, living, found);
  const edited = new EditedText(emitted.code, edits);
  const starts = { js: lineStarts(edited.text), swc: lineStarts(emitted.code) };
  return {
    js: `${edited.text}\nreturn ${VALUE_VARIABLE};var ${VALUE_VARIABLE};`,
    map: emitted.map,
    mappedColumn: (line, column) => {
      const at = edited.toOriginal((starts.js[line] ?? 0) + column);
      return Math.max(0, at - (starts.swc[line] ?? 0));
    },
    source: readable,
    ...found,
  };
}

/**
 * The value in a variable of ours, in an array, because a promise as a value must not be awaited; and no
 * aliases of types.
 */
function sourceEdits({ value, tree, edited }: CellText, types: ReadonlySet<string>): TextEdit[] {
  const edits: TextEdit[] = [];
  if (value !== undefined) {
    edits.push({ start: value.start, end: value.start, text: `;${VALUE_VARIABLE} = [(` });
    edits.push({ start: value.end, end: value.end, text: ")]" });
  }
  for (const node of tree.program.body) {
    if (node.type !== "TSImportEqualsDeclaration" || !types.has(node.id.name)) continue;
    const text = edited.text.slice(node.start, node.end).replace(/[^\n]/g, " ");
    edits.push({ start: node.start, end: node.end, text });
  }
  return edits;
}

function moduleVariable(modules: Map<string, string>, id: string): string {
  const known = modules.get(id) ?? `__secopLab_${modules.size}`;
  modules.set(id, known);
  return known;
}

/** The names that the cell imports, as members of the modules that must be loaded. */
function importedMembers(
  program: Program,
  types: ReadonlySet<string>,
  { modules }: Members,
): Map<string, ModuleMember> {
  const members = new Map<string, ModuleMember>();
  for (const node of program.body) {
    if (node.type !== "ImportDeclaration") continue;
    const id = node.source.value;
    if (node.specifiers.length === 0) moduleVariable(modules, id);
    for (const specifier of node.specifiers) {
      const { name } = specifier.local;
      if (types.has(name)) continue;
      const module = moduleVariable(modules, id);
      if (specifier.type === "ImportNamespaceSpecifier") members.set(name, { module });
      else if (specifier.type === "ImportDefaultSpecifier") members.set(name, { module, name: "default" });
      else members.set(name, { module, name: exportedName(specifier.imported) });
    }
  }
  return members;
}

function exportedName(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return node.name ?? String(node.value);
}

type ModuleStatement = { readonly type: string; readonly start: number; readonly end: number } & {
  readonly declaration?: { readonly type: string; readonly start: number; readonly id?: unknown } | null;
};

/** A function has no imports and exports. */
function statementEdits({ type, start, end, declaration }: ModuleStatement, text: string): TextEdit[] {
  if (!/^(?:Import|Export.*)Declaration$/.test(type)) return [];
  const isNameless = declaration && /^(?:Function|Class)/.test(declaration.type) && !declaration.id;
  const kept = type === "ExportDefaultDeclaration" && declaration && !isNameless ? declaration.start : end;
  // Lines stay what the source map says.
  return [{ start, end: kept, text: text.slice(start, kept).replace(/[^\n]/g, "") }];
}

function exportedMembers(
  source: CellText,
  types: ReadonlySet<string>,
  imports: ReadonlyMap<string, ModuleMember>,
  living: (name: string) => ModuleMember | undefined,
  { modules, reexported }: Members,
): void {
  const own = new Set(source.declared.map(({ name }) => name));
  for (const { name, local, from, isType } of source.exported) {
    if (isType || types.has(name)) continue;
    if (from !== undefined) {
      const module = moduleVariable(modules, from);
      reexported.set(name, memberText(local === undefined ? { module } : { module, name: local }));
      continue;
    }
    const member = imports.get(local as string) ?? (own.has(local as string) ? undefined : living(local as string));
    if (member !== undefined) reexported.set(name, memberText(member));
    else if (name !== local) reexported.set(name, local as string);
  }
  for (const from of source.stars) moduleVariable(modules, from);
}

/** For a name of `export *`: which of several modules has it is known when they are loaded. */
export function starMember(stars: readonly string[], modules: ReadonlyMap<string, string>, name: string): string {
  const key = JSON.stringify(name);
  return stars.reduceRight(
    (rest, id) => `${key} in ${modules.get(id)} ? ${modules.get(id)}[${key}] : ${rest}`,
    "undefined",
  );
}

export function memberText({ module, name }: ModuleMember): string {
  return name === undefined ? module : `${module}[${JSON.stringify(name)}]`;
}
