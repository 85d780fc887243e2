/**
 * Bundles: a notebook with all that it needs to run again, in one archive.
 *
 * It may use magics/ (the files that they name), compiler/ (the parser), lib/index and the ground floor of
 * lib/. Begin with bundleContents.ts, which collects what the code imports (importedFiles.ts), what its
 * magics name (magicFiles.ts), its runs and its packages. secrets.ts keeps passwords and keys out, and
 * crateMetadata.ts describes the files as an RO-Crate. writeBundle.ts makes the archive, and openBundle.ts
 * unpacks it safely.
 */

export { type BundleContents, type BundleOptions, bundleContents } from "./bundleContents";
export type { BundlePart, PartRole } from "./bundlePart";
export { type OpenedBundle, openBundle } from "./openBundle";
export { type WrittenBundle, writeBundle } from "./writeBundle";
