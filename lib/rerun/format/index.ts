/** The text of a recording: written line by line, checked when it is read. */

export { compactJson, jsonHash, prettyJson } from "./descriptionText";
export { nodeKey } from "./nodeKey";
export { moveTime } from "./nodeTimes";
export { noiseOf } from "./noise";
export { parseRecording, type Recording, readRecording } from "./readRecording";
export { formatRecordedLine, RECORDING_HEAD, type RecordedLine, type RecordedSign } from "./recordedLine";
export { recordedNodes } from "./recordedNodes";
