/**
 * Magics: commands in cells, `%name` for a line and `%%name` for a cell, which are translated to TypeScript.
 *
 * This chapter uses the public library and the kernel's chapter output, never a session. `magicRegistry`
 * defines what a magic is, `findMagics` finds them in a cell, `magicTranslator` and `cellTranslation`
 * translate the cell and map errors back, and the files `...Magics` hold the built-in ones. Begin reading
 * with `magicTranslator`.
 */

export type { CellTranslation } from "./cellTranslation";
export { maskMagics } from "./findMagics";
export { lockFolder } from "./lockFiles";
export type { CellMagic, LineMagic, Magic, MagicCompletion, MagicContext, MagicRegistry } from "./magicRegistry";
export { MagicTranslator } from "./magicTranslator";
export { isDevice, type NotebookDevice } from "./notebookDevice";
export { parseParameter, requireDeclared, withParameters } from "./parameters";
