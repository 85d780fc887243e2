/** Compares a notebook that ran again with how it ran before, and says what differs as a person would. */

export { descriptionDifferences } from "./descriptionDifferences";
export { refuseSimulatedRecording } from "./refuseSimulated";
export { type NamedDocument, type RunComparison, runDifferences } from "./runDifferences";
export { isSame, type VerifyFindings, verifyHtml, verifyText } from "./verifyReport";
