/**
 * Records what this process sends to its nodes and receives from them.
 *
 * This chapter uses `format` and the transports of secop/. Begin reading with `recorder`; `recordingFile`
 * writes the lines, and `redaction` keeps secret values out.
 */

export { currentRecording, type RecordOptions, type RunningRecording, startRecording } from "./recorder";
