/**
 * The text of a recording: written line by line, checked when it is read.
 *
 * This chapter uses descriptions and addresses of secop/, and no other chapter of this folder. Begin reading
 * with `recordedLine`, what one line says; `readRecording` reads and checks a whole file.
 */

export { nodeKey } from "../../secop/wire/nodeKey";
export { compactJson, jsonHash, prettyJson } from "./descriptionText";
export { moveTime } from "./nodeTimes";
export { noiseOf } from "./noise";
export { parseRecording, type Recording, readRecording } from "./readRecording";
export { formatRecordedLine, RECORDING_HEAD, type RecordedLine, type RecordedSign } from "./recordedLine";
export { recordedNodes } from "./recordedNodes";
