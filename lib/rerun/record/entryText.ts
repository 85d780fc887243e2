/** The text of the entries of a recording: without secrets, with short times, each description once. */

import { oneLine } from "../../printable";
import { jsonHash, prettyJson } from "../format/descriptionText";
import { moveTime } from "../format/nodeTimes";
import { formatRecordedLine, type RecordedMoment, type RecordedSign } from "../format/recordedLine";
import type { Redaction } from "./redaction";

/** An entry of a recording, before its text is made. */
export interface RecordedEntry {
  readonly moment: RecordedMoment;
  readonly connection: number;
  readonly sign: RecordedSign;
  /** A message, or the words of a mark or reason. */
  readonly message: string;
}

/** Line ends inside a message, which SECoP does not allow. */
const LINE_ENDS = /[\r\n]/g;

/** Makes the text of entries, with each description only once. */
export class EntryText {
  readonly #start: number;
  readonly #redaction: Redaction;
  /** The hashes of the descriptions that were written. */
  readonly #descriptions = new Set<string>();

  /** @param start Unix time in whole seconds, to which times of nodes become relative */
  constructor(start: number, redaction: Redaction) {
    this.#start = start;
    this.#redaction = redaction;
  }

  /** The lines of an entry: a new description is written before the message that names it. */
  of({ moment, connection, sign, message }: RecordedEntry): string {
    if (sign !== "<" && sign !== ">") return `${formatRecordedLine(moment, connection, sign, oneLine(message, 400))}\n`;
    const line = this.#redaction.apply(message.replace(LINE_ENDS, " "));
    if (line.startsWith("describing ")) {
      const [described, description] = this.#described(line);
      return `${description}${formatRecordedLine(moment, connection, sign, described)}\n`;
    }
    return `${formatRecordedLine(moment, connection, sign, moveTime(line, -this.#start))}\n`;
  }

  /** A description as its hash, and its own text if it is new. */
  #described(line: string): [line: string, description: string] {
    const [, specifier = "", json = ""] = /^describing (\S*) (.*)$/s.exec(line) ?? [];
    try {
      const hash = jsonHash(json);
      const named = `describing ${specifier} @${hash}`;
      if (this.#descriptions.has(hash)) return [named, ""];
      this.#redaction.described(json);
      const description = `#description ${hash}\n${prettyJson(json)}#end\n`;
      this.#descriptions.add(hash);
      return [named, description];
    } catch {
      // A line that is not JSON stays as the node sent it.
      return [line, ""];
    }
  }
}
