/** Which messages arrived in the same turn of the event loop. */

import type { RecordedLine } from "../format/recordedLine";

/**
 * The indices of the messages that were received in the turn that begins at `position`, grouped by the pieces
 * of data that they arrived in. `isHeld` says at which marks the process waits for the replay: a message
 * after such a mark was received once the process had gone on, so it is not delivered with those before the
 * mark.
 */
export function piecesOfTurn(
  lines: readonly RecordedLine[],
  position: number,
  isHeld: (mark: RecordedLine) => boolean,
): number[][] {
  const pieces = [[position]];
  for (let index = position + 1; ; index += 1) {
    const line = lines[index];
    if (line?.sign === "<" && line.together) pieces.at(-1)?.push(index);
    else if (line?.sign === "<" && line.sameTurn) pieces.push([index]);
    // Requests and other marks may stand between the pieces of a turn.
    else if (!line || line.sign === "<" || line.sign === "+" || line.sign === "-") return pieces;
    else if (line.sign === "*" && isHeld(line)) return pieces;
  }
}
