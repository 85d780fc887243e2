/** The source text of the class of one device whose members are known by name, as those of an IOC. */

import { docComment, importLine, stringLiteral } from "./sourceText";

/** A class that extends `EpicsDevice` or the like. */
export interface DeviceClass {
  readonly className: string;
  readonly base: string;
  /** What the class stands for, for its comment. */
  readonly doc: string;
  /** The first argument of the constructor, with its default. */
  readonly address: { readonly argument: string; readonly value: string };
  /** The imported names beside those of the base. */
  readonly uses: ReadonlySet<string>;
  /** The lines of the members. */
  readonly members: readonly string[];
  /** The lines of the constructor after `super`. */
  readonly setUp: readonly string[];
}

/** The source text of a class with its import. */
export function deviceClassText({ className, base, doc, address, uses, members, setUp }: DeviceClass): string {
  const { argument, value } = address;
  return [
    importLine([base, `type ${base}Options`, ...uses]),
    "",
    ...docComment(doc, ""),
    `export class ${className} extends ${base} {`,
    ...members,
    "",
    `  constructor(${argument} = ${stringLiteral(value)}, options: ${base}Options = {}) {`,
    `    super(${argument}, options);`,
    ...setUp,
    "  }",
    "}",
    "",
  ].join("\n");
}
