/** Which names a cell declares at its top level, how, and the source that later cells need of each. */

import type {
  BindingPattern,
  Expression,
  ImportDeclaration,
  Program,
  Statement,
  VariableDeclaration,
} from "oxc-parser";
import type { DeclaredName, NameKind } from "../modules/declaredNames";
import { type TreeNode, walk } from "./parser";

export interface CellName extends DeclaredName {
  /** The type that the cell gives it, as text. */
  readonly type?: string | undefined;
  /** Its value, where that is a literal: later cells take its type from that. */
  readonly literal?: string | undefined;
  /** The declarator as a whole, for a variable whose type cannot be written down. */
  readonly whole?: string | undefined;
  /** What later modules need of any other declaration. */
  readonly source?: string | undefined;
  /** The JSDoc before it. */
  readonly comment: string;
}

type Declare = (name: Omit<CellName, "element" | "evolving" | "comment"> & Partial<CellName>) => void;

const ELEMENTS: Readonly<Record<NameKind, string>> = { variable: "let", value: "const", type: "type" };

export class Declarations {
  readonly names = new Map<string, CellName>();
  /** Names that end with the cell, by `using`. */
  readonly disposed: string[] = [];
  readonly #code: string;
  #comment = "";

  /** @param code The text of `program`. */
  constructor(code: string, program: Program) {
    this.#code = code;
    let end = 0;
    for (const statement of program.body) {
      this.#comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(code.slice(end, statement.start))?.[0] ?? "";
      this.#statement(statement);
      end = statement.end;
    }
    if (/\bvar\b/.test(code)) for (const statement of program.body) this.#nestedVars(statement as unknown as TreeNode);
  }

  readonly #declare: Declare = (name) => {
    const before = this.names.get(name.name);
    const element = name.element ?? ELEMENTS[name.kind];
    const declared = { evolving: false, comment: this.#comment, ...name, element };
    if (before === undefined) this.names.set(name.name, declared);
    else if (name.source !== undefined && before.source !== undefined) {
      // Overloads and declarations that merge are one.
      const isValue = before.kind === "type" && name.kind !== "type";
      const source = `${before.source}\n${this.#comment}${name.source}`;
      this.names.set(name.name, { ...(isValue ? declared : before), comment: before.comment, source });
    } else if (before.kind === "type" && name.kind !== "type") this.names.set(name.name, declared);
  };

  #statement(statement: Statement): void {
    if (statement.type === "ExportNamedDeclaration") {
      if (statement.declaration) this.#statement(statement.declaration as Statement);
    } else if (statement.type === "ExportDefaultDeclaration") {
      const { declaration } = statement;
      if ("id" in declaration && declaration.id) this.#statement(declaration as Statement);
    } else if (statement.type === "VariableDeclaration") this.#variables(statement);
    else if (statement.type === "ImportDeclaration") this.#import(statement);
    else this.#named(statement);
  }

  #named(statement: Statement): void {
    const element = NAMED[statement.type];
    if (element === undefined || !("id" in statement)) return;
    const id = statement.id as { type: string; name: string; start: number } | null;
    if (id === null || id.type !== "Identifier" || ("global" in statement && statement.global)) return;
    const isType =
      element === "interface" || element === "type" || ("importKind" in statement && statement.importKind === "type");
    const ambient = isType || ("declare" in statement && statement.declare === true);
    this.#declare({
      name: id.name,
      kind: isType ? "type" : "value",
      origin: ambient ? "ambient" : "local",
      element,
      start: id.start,
      source: `export ${this.#code.slice(statement.start, statement.end)}`,
    });
  }

  #variables(statement: VariableDeclaration): void {
    if (statement.kind.endsWith("using")) {
      for (const { id } of statement.declarations) for (const { name } of boundNames(id)) this.disposed.push(name);
      return;
    }
    const kind = statement.kind === "const" ? "value" : "variable";
    const keyword = statement.kind === "const" ? "const" : "let";
    for (const { id, init } of statement.declarations) {
      const annotation = id.type === "Identifier" ? id.typeAnnotation?.typeAnnotation : undefined;
      const type = annotation && this.#code.slice(annotation.start, annotation.end);
      const whole = init ? `export ${keyword} ${this.#code.slice(id.start, init.end)};` : undefined;
      const literal =
        id.type === "Identifier" && !type && init && isLiteral(init)
          ? this.#code.slice(init.start, init.end)
          : undefined;
      for (const bound of boundNames(id)) {
        this.#declare({
          name: bound.name,
          kind,
          origin: statement.declare ? "ambient" : "local",
          start: bound.start,
          type: type ?? (kind === "variable" && literal !== undefined ? typeOfLiteral(literal) : undefined),
          literal: kind === "value" ? literal : undefined,
          whole,
          evolving: !statement.declare && !type && isEvolving(init, kind),
        });
      }
    }
  }

  #import(statement: ImportDeclaration): void {
    const from = JSON.stringify(statement.source.value);
    for (const specifier of statement.specifiers) {
      const { local } = specifier;
      const isType =
        statement.importKind === "type" || (specifier.type === "ImportSpecifier" && specifier.importKind === "type");
      const what =
        specifier.type === "ImportNamespaceSpecifier"
          ? `* as ${local.name}`
          : specifier.type === "ImportDefaultSpecifier"
            ? `{default as ${local.name}}`
            : `{${this.#code.slice(specifier.imported.start, specifier.imported.end)} as ${local.name}}`;
      this.#declare({
        name: local.name,
        kind: isType ? "type" : "value",
        origin: "import",
        start: local.start,
        source: `import ${isType ? "type " : ""}${what} from ${from};export {${local.name}};`,
      });
    }
  }

  /** `if (x) { var y = 1 }`: y is the cell's. */
  #nestedVars(statement: TreeNode): void {
    walk(statement, (node) => {
      if (/Function|Class|TSModule/.test(node.type)) return false;
      if (node.type !== "VariableDeclaration" || node.kind !== "var") return true;
      // The walker knows only the fields that all nodes share; the type says which ones this node has.
      for (const { id } of (node as unknown as VariableDeclaration).declarations) {
        for (const { name, start } of boundNames(id)) this.#declare({ name, kind: "variable", origin: "local", start });
      }
      return true;
    });
  }
}

/** TypeScript's word for what each kind of declaration declares. */
const NAMED: Readonly<Record<string, string>> = {
  FunctionDeclaration: "function",
  TSDeclareFunction: "function",
  ClassDeclaration: "class",
  TSEnumDeclaration: "enum",
  TSModuleDeclaration: "module",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
  TSImportEqualsDeclaration: "const",
};

interface BoundName {
  readonly name: string;
  readonly start: number;
}

export function boundNames(pattern: BindingPattern | null, into: BoundName[] = []): BoundName[] {
  if (pattern === null) return into;
  switch (pattern.type) {
    case "Identifier":
      into.push(pattern);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        boundNames(property.type === "RestElement" ? property.argument : property.value, into);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) {
        boundNames(element?.type === "RestElement" ? element.argument : (element as BindingPattern | null), into);
      }
      break;
    case "AssignmentPattern":
      boundNames(pattern.left, into);
  }
  return into;
}

function isLiteral(init: Expression): boolean {
  if (init.type === "UnaryExpression") {
    return init.operator === "-" && init.argument.type === "Literal" && typeof init.argument.value === "number";
  }
  return init.type === "Literal" && ["string", "number", "boolean", "bigint"].includes(typeof init.value);
}

function typeOfLiteral(literal: string): string {
  if (/^["']/.test(literal)) return "string";
  if (/^(?:true|false)$/.test(literal)) return "boolean";
  return /^-?\d[\d_]*n$|^0[xob][\da-f_]+n$/i.test(literal) ? "bigint" : "number";
}

/** A `let` or `const` whose type follows from what the cell assigns later. */
function isEvolving(init: Expression | null, kind: NameKind): boolean {
  if (init === null) return kind === "variable";
  if (init.type === "ArrayExpression") return init.elements.length === 0;
  if (kind !== "variable") return false;
  return (init.type === "Literal" && init.value === null) || (init.type === "Identifier" && init.name === "undefined");
}
