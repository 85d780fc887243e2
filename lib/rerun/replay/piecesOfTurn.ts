/** Which messages arrived in the same turn of the event loop. */

import type { RecordedLine } from "../format/recordedLine";

/** The places of what was received in the turn that begins at `position`, piece by piece. */
export function piecesOfTurn(lines: readonly RecordedLine[], position: number): number[][] {
  const pieces = [[position]];
  for (let index = position + 1; ; index += 1) {
    const line = lines[index];
    if (line?.sign === "<" && line.together) pieces.at(-1)?.push(index);
    else if (line?.sign === "<" && line.sameTurn) pieces.push([index]);
    // Requests and marks may stand between the pieces of a turn.
    else if (!line || line.sign === "<" || line.sign === "+" || line.sign === "-") return pieces;
  }
}
