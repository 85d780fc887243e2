/**
 * Class files: a node's description as TypeScript classes, and how a class is held against the live node.
 *
 * For lib/devices: `compareShape(expected, live, verification)` of drift.ts takes two descriptions (of the class file's table, parsed by
 * `parseDescription`, and of the node) and gives `{incompatible, harmless}`; `describeDifferences` and `regenerateLine` put them in words.
 * A generated node class has `static override readonly classFile: string`, the file for `regenerateLine`.
 */
export { compareShape, type Difference, type Drift, type Verification } from "./drift";
export { type ClassFileOptions, type ClassSource, generateClasses } from "./generateClasses";
export { nodeClassName } from "./nodeClass";
