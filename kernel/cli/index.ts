/**
 * The commands of the program `secop-lab`, one per file.
 *
 * They may use all other chapters of the kernel and the public library. Begin with ../main.ts, which defines
 * the commands and their options. This index exports types only: main.ts loads the file of a command when the
 * command runs, so that a kernel starts fast.
 */

export type { BundleCommandOptions } from "./bundleCommand";
export type { ExportCommandOptions } from "./exportCommand";
export type { InitOptions } from "./initCommand";
export type { KernelspecOptions } from "./kernelspecCommand";
export type { RecordCommandOptions } from "./recordCommand";
export type { ReplayCommandOptions } from "./replayCommand";
export type { RunOptions } from "./runCommand";
export type { SimOptions } from "./simCommand";
export type { UploadCommandOptions } from "./uploadCommand";
export type { VerifyOptions } from "./verifyCommand";
