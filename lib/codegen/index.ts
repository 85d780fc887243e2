/**
 * Class files: a node's description as TypeScript classes, and how a class is held against the live node.
 *
 * The comparison itself is in drift.ts, for lib/devices. A generated node class has `static override readonly classFile: string`, the file for
 * its `regenerateLine`.
 */
export type { Verification } from "./drift";
export { type ClassFileOptions, type ClassSource, classFilePath, generateClasses } from "./generateClasses";
export { nodeClassName } from "./nodeClass";
