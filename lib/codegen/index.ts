/**
 * The class files of nodes: the description of a node as TypeScript classes, and the comparison of a class
 * with the live node.
 *
 * It may use secop/ (descriptions and datainfo). Begin with generateClasses.ts, which finds the description
 * and writes the file; nodeClass.ts and moduleClass.ts make its text. drift.ts compares a class with the
 * live node, for lib/devices.
 */

export type { Verification } from "./drift";
export { type ClassFileOptions, type ClassSource, classFilePath, generateClasses } from "./generateClasses";
export { nodeClassName } from "./nodeClass";
