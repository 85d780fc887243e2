/**
 * Writes a recording, so that it is complete when the process is killed: lines go to the file in every turn
 * of the event loop.
 */

// During a turn, entries are only collected. Their text is made at its end, when the next request is already
// on its way: then the node works at the same time, and recording a read makes it hardly slower.

import { closeSync, fstatSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { realClock } from "../../clock";
import { diskErrorText, makeFolder } from "../../disk";
import { UsageError } from "../../errors";
import { RECORDING_HEAD, type RecordedMoment, type RecordedSign } from "../format/recordedLine";
import { EntryText, type RecordedEntry } from "./entryText";
import { PACKED_FROM, packedPath, packRecording } from "./packRecording";
import type { Redaction } from "./redaction";

/** Sizes in bytes: from the first on the user is warned, at the second the recording ends. */
const WARN_BYTES = 20 * 1024 * 1024;
const MOST_BYTES = 200 * 1024 * 1024;
/** When messages of this many characters wait, they are written at once. */
const MOST_WAITING = 64 * 1024;

export interface RecordingFileOptions {
  readonly path: string;
  readonly client: string;
  readonly seed: number;
  /** Values that the notebook was given, by name. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly redaction: Redaction;
  /** Shows a line to the user. */
  readonly notice: (text: string) => void;
  /** The most bytes of a recording; default 200 MB. */
  readonly mostBytes?: number;
  /** The bytes from which on it is packed when it ends; default 5 MB. */
  readonly packedFrom?: number;
}

export class RecordingFile {
  /** Unix time in whole seconds. */
  readonly start: number;
  /** The time of the start on the clock that never goes back. */
  readonly #origin: number;
  readonly #options: RecordingFileOptions;
  readonly #text: EntryText;
  readonly #mostBytes: number;
  readonly #packedFrom: number;
  #path: string;
  #file: number | undefined;
  /** What happened and is not written yet. */
  #waiting: RecordedEntry[] = [];
  /** The characters of its messages. */
  #waitingSize = 0;
  #bytes = 0;
  #warned = false;
  /** When the last entry was added, in whole milliseconds after the start. */
  #lastMs = 0;
  /** Whether something was added in this turn of the event loop; it is written at the end of the turn. */
  #turnHasBegun = false;
  /** Whether the line before came in the same piece. */
  #inPiece = false;
  /** Whether something was received in this turn of the event loop. */
  #inTurn = false;

  /** Makes the file, over an older one. @throws UsageError if it cannot be written */
  constructor(options: RecordingFileOptions) {
    this.#options = options;
    // A file that is called packed is written as text, so that it is complete at any time, and packed at its
    // end.
    const isPacked = options.path.endsWith(".gz");
    this.#path = isPacked ? options.path.slice(0, -".gz".length) : options.path;
    this.#packedFrom = isPacked ? 0 : (options.packedFrom ?? PACKED_FROM);
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    try {
      makeFolder(dirname(this.#path));
      this.#file = openNew(this.#path);
      rmSync(packedPath(this.#path), { force: true });
    } catch (error) {
      throw new UsageError(`cannot record into ${options.path}: ${diskErrorText(error)}`, { cause: error });
    }
    const now = realClock.now();
    this.start = Math.floor(now);
    this.#origin = realClock.monotonic() - (now - this.start);
    this.#text = new EntryText(this.start, options.redaction);
    const head = [
      RECORDING_HEAD,
      `#client ${options.client}`,
      `#start ${this.start} ${new Date(this.start * 1000).toISOString()}`,
      `#seed ${options.seed}`,
      ...(options.parameters ? [`#parameters ${JSON.stringify(options.parameters)}`] : []),
      ...options.redaction.patterns.map((pattern) => `#redacted ${pattern}`),
    ];
    process.once("exit", this.#atExit);
    this.#write(`${head.join("\n")}\n`);
  }

  /** The path of the file; it changes when a large recording ends and is packed. */
  get path(): string {
    return this.#path;
  }

  /** When the last message arrived, as the recording says it. Unix time. */
  get arrival(): number {
    return (1000 * this.start + this.#lastMs) / 1000;
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  /** The length in bytes, about: entries that are not written yet count with the length of their messages. */
  get bytes(): number {
    return this.#bytes + this.#waitingSize;
  }

  /** Adds an entry. One that is `received` is in one piece with a received one before it in the same turn. */
  add(connection: number, sign: RecordedSign, message: string): void {
    if (this.#file === undefined) return;
    this.#beginTurn();
    this.#waiting.push({ moment: this.#moment(sign), connection, sign, message });
    this.#waitingSize += message.length;
    if (sign === "<") this.#beginPiece();
    if (this.#waitingSize > MOST_WAITING) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#waitingSize = 0;
    let text = "";
    for (const entry of entries) text += this.#text.of(entry);
    this.#write(text);
  }

  /**
   * Writes at the end of the file. A full disk ends the recording with a notice, never the work that is
   * recorded.
   */
  #write(text: string): void {
    if (this.#file === undefined) return;
    const size = Buffer.byteLength(text);
    try {
      // A string is written faster than a buffer that is made of it. Only a disk that is nearly full takes a
      // part.
      let written = writeSync(this.#file, text);
      while (written < size) written += writeSync(this.#file, Buffer.from(text), written);
      this.#bytes += size;
    } catch (error) {
      this.#end(`the recording ${this.path} ends here: ${diskErrorText(error)}`);
      return;
    }
    if (this.#bytes > this.#mostBytes) {
      this.#end(`the recording ${this.path} ends here: it has reached ${megabytes(this.#mostBytes)}`);
    } else if (this.#bytes > WARN_BYTES && !this.#warned) {
      this.#warned = true;
      this.#options.notice(
        `the recording ${this.path} has more than ${megabytes(WARN_BYTES)}; it ends at ${megabytes(this.#mostBytes)}`,
      );
    }
  }

  /** Writes the rest and closes the file. A large one is packed. */
  close(): void {
    this.flush();
    const isReplaced = this.#file !== undefined && fstatSync(this.#file).nlink === 0;
    if (!this.#release()) return;
    if (isReplaced) {
      const why = "the file was deleted, or another program records into it";
      this.#options.notice(`the recording ${this.#path} is lost: ${why}`);
      return;
    }
    if (this.#bytes < this.#packedFrom) return;
    try {
      this.#path = packRecording(this.#path);
    } catch (error) {
      this.#options.notice(`the recording ${this.#path} is complete, but it cannot be packed: ${diskErrorText(error)}`);
    }
  }

  #moment(sign: RecordedSign): RecordedMoment {
    if (sign === "<" && this.#inPiece) return "together";
    if (sign === "<" && this.#inTurn) return "same turn";
    // The clock of the computer may be set meanwhile, and timers do not follow it.
    this.#lastMs = Math.round(1000 * (realClock.monotonic() - this.#origin));
    return this.#lastMs / 1000;
  }

  /** At the end of the turn everything that happened in it is written. */
  #beginTurn(): void {
    if (this.#turnHasBegun) return;
    this.#turnHasBegun = true;
    realClock.turn(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    this.#turnHasBegun = false;
    this.#inTurn = false;
    this.flush();
  };

  /**
   * What arrives before the client has done anything else is in one piece; what arrives before the event loop
   * has finished looking for messages, in the same turn.
   */
  #beginPiece(): void {
    this.#inTurn = true;
    if (this.#inPiece) return;
    this.#inPiece = true;
    // This costs a fifth of what queueMicrotask costs.
    void Promise.resolve().then(this.#endPiece);
  }

  readonly #endPiece = (): void => {
    this.#inPiece = false;
  };

  /** `process.exit` ends the process before its turn has ended, so the rest is written then. */
  readonly #atExit = (): void => this.flush();

  #end(notice: string): void {
    this.#release();
    this.#options.notice(notice);
  }

  /** Closes the file. @returns false if that was done before */
  #release(): boolean {
    if (this.#file === undefined) return false;
    closeSync(this.#file);
    this.#file = undefined;
    process.off("exit", this.#atExit);
    return true;
  }
}

/**
 * Opens a new file that replaces an old one. A program that still records into the old one goes on with
 * that, so that the two do not write into each other's lines.
 */
function openNew(path: string): number {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path);
  return openSync(path, "w");
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
