/**
 * The modules of a notebook: where an import leads, how code is loaded, and how cells run, each as a module.
 *
 * It may use output/, lib/index and the ground floor of lib/, and knows no compiler: workspace.ts says which
 * options count, sourceResolver.ts and sourceVersions.ts which version of which file an import means. Begin
 * with cellRuntime.ts, which runs a compiled cell and keeps its names in cellModules.ts, then moduleLoader.ts
 * (files of the workspace) and nativeModules.ts (packages).
 */

export { importedVersions } from "./importedPackages";
