/** Writes what is said between this process and its nodes. */

export { currentRecording, type RecordOptions, type RunningRecording, startRecording } from "./recorder";
