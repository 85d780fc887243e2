/**
 * The commands of the program `secop-lab`, one per file.
 *
 * They may use all other chapters of the kernel and the public library. Begin with ../main.ts, which defines
 * the commands and their options. This index exports types only: main.ts loads the file of a command when the
 * command runs, so that a kernel starts fast.
 */

export type { BundleCommandOptions } from "./bundle";
export type { ExportCommandOptions } from "./export";
export type { InitOptions } from "./init";
export type { KernelspecOptions } from "./kernelspec";
export type { RecordCommandOptions } from "./record";
export type { ReplayCommandOptions } from "./replay";
export type { RunOptions } from "./run";
export type { SimOptions } from "./sim";
export type { UploadCommandOptions } from "./upload";
export type { VerifyOptions } from "./verify";
