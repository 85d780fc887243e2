/**
 * Compares a notebook that ran again with how it ran before, and reports the causes of differences before
 * their effects.
 *
 * This chapter uses `format` and the documents of the engine. Begin reading with `runDifferences`, which
 * compares the documents; `outputDifferences` compares what cells printed and drew, and `verifyReport` writes
 * what was found.
 */

export { descriptionDifferences } from "./descriptionDifferences";
export { type ComparedCell, type OutputComparison, outputDifferences } from "./outputDifferences";
export { refuseSimulatedRecording } from "./refuseSimulated";
export { type NamedDocument, type RunComparison, runDifferences, versionDifferences } from "./runDifferences";
export { isSame, type VerifyFindings, verifyHtml, verifyText } from "./verifyReport";
