/** A name that a cell declares at its top level, as later cells may use it. */

/** How later cells may use a name: assign to it, read it, or use it only as a type. */
export type NameKind = "variable" | "value" | "type";

export interface DeclaredName {
  readonly name: string;
  readonly kind: NameKind;
  /**
   * Where its value comes from: the cell, an import, an `export ... from`, or nowhere (`declare` and types).
   */
  readonly origin: "local" | "import" | "reexport" | "ambient";
  /** TypeScript's name for the kind of declaration: "const", "class", "interface" ... */
  readonly element: string;
  /** The position of the name in the cell. */
  readonly start: number;
  /** Whether the type of a `let` or `const` follows from later assignments: `let u;`, `const a = []`. */
  readonly evolving: boolean;
}
