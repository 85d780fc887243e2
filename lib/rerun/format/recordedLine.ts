/** The lines of a recording: what was sent and received when, and over which connection. */

/** The first line of every recording. */
export const RECORDING_HEAD = "#secop-recording 1";

/**
 * `+` a connection was opened, `!` it could not be, `>` sent, `<` received, `-` a connection ended, `*` a
 * mark of the process.
 */
export type RecordedSign = "+" | "!" | ">" | "<" | "-" | "*";

/**
 * The mark of a recording that began when nodes were connected already: it holds the state of the nodes at
 * that time.
 */
export const JOINED = "joined";

/** One line of a recording. */
export interface RecordedLine {
  /** Seconds after the start of the recording. */
  readonly at: number;
  /** The number of the connection, from 1; 0 for marks. */
  readonly connection: number;
  readonly sign: RecordedSign;
  /**
   * The message; the address of the node for `+` and `!`; the reason for `-`. The times that nodes
   * send are in seconds after the start of the recording.
   */
  readonly text: string;
  /** Number of the line in the file, from 1. */
  readonly no: number;
  /**
   * Whether it arrived in one piece with the line before, so that the client had both before it could react.
   */
  readonly together: boolean;
  /**
   * Whether it arrived in the same turn of the event loop as the message before: the client had handled that
   * message, but nothing that waits for the next turn had happened.
   */
  readonly sameTurn: boolean;
}

/**
 * When a line was recorded: at a time, in one piece with the line before, or in the same turn of the event
 * loop.
 */
export type RecordedMoment = number | "together" | "same turn";

/** A line as text, without its end. */
export function formatRecordedLine(at: RecordedMoment, connection: number, sign: RecordedSign, text: string): string {
  const moment = at === "together" ? "" : at === "same turn" ? "=" : at.toFixed(3);
  return `${moment.padStart(9)} ${connection} ${sign}${text === "" ? "" : ` ${text}`}`;
}

/** Everything between blanks: time, connection, sign, and the rest as it is. */
export const RECORDED_LINE = /^ *(\d+\.\d{3}|=)? (\d+) ([+!><*-])(?: (.*))?$/s;
