/**
 * Writes a recording, so that it is complete when the process is killed: lines go to the file in every turn
 * of the event loop.
 */

import { closeSync, fstatSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { realClock } from "../../clock";
import { diskErrorText, makeFolder } from "../../disk";
import { UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { jsonHash, prettyJson } from "../format/descriptionText";
import { moveTime } from "../format/nodeTimes";
import { formatRecordedLine, RECORDING_HEAD, type RecordedMoment, type RecordedSign } from "../format/recordedLine";
import { PACKED_FROM, packedPath, packRecording } from "./packRecording";
import type { Redaction } from "./redaction";

/** Sizes in bytes: from the first on the user is warned, at the second the recording ends. */
const WARN_BYTES = 20 * 1024 * 1024;
const MOST_BYTES = 200 * 1024 * 1024;
/** When this many characters wait, they are written at once. */
const BUFFER = 64 * 1024;

export interface RecordingFileOptions {
  readonly path: string;
  readonly client: string;
  readonly seed: number;
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
  readonly #options: RecordingFileOptions;
  readonly #descriptions = new Set<string>();
  readonly #mostBytes: number;
  readonly #packedFrom: number;
  #path: string;
  #file: number | undefined;
  #text = "";
  #bytes = 0;
  #warned = false;
  #last = 0;
  #cancelFlush: (() => void) | undefined;
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
      this.#file = openSync(this.#path, "w");
      rmSync(packedPath(this.#path), { force: true });
    } catch (error) {
      throw new UsageError(`cannot record into ${options.path}: ${diskErrorText(error)}`, { cause: error });
    }
    this.start = Math.floor(realClock.now());
    const head = [
      RECORDING_HEAD,
      `#client ${options.client}`,
      `#start ${this.start} ${new Date(this.start * 1000).toISOString()}`,
      `#seed ${options.seed}`,
      ...options.redaction.patterns.map((pattern) => `#redacted ${pattern}`),
    ];
    this.#text = `${head.join("\n")}\n`;
    this.flush();
  }

  /** The path of the file; it changes when a large recording ends and is packed. */
  get path(): string {
    return this.#path;
  }

  /** When the last message arrived, as the recording says it. Unix time. */
  get arrival(): number {
    return Math.round(1000 * (this.start + Number(this.#last.toFixed(3)))) / 1000;
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  get bytes(): number {
    return this.#bytes + this.#text.length;
  }

  /** Adds an entry. One that is `received` is in one piece with a received one before it in the same turn. */
  add(connection: number, sign: RecordedSign, message: string): void {
    if (this.#file === undefined) return;
    const text = sign === "<" || sign === ">" ? this.#message(message) : oneLine(message, 400);
    this.#text += `${formatRecordedLine(this.#moment(sign), connection, sign, text)}\n`;
    if (sign === "<") this.#beginPiece();
    if (this.#text.length > BUFFER) this.flush();
    else this.#cancelFlush ??= realClock.turn(() => this.flush());
  }

  /** Writes what waits. A full disk ends the recording with a notice, never what is recorded. */
  flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#file === undefined || this.#text === "") return;
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      this.#bytes += bytes.length;
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
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    if (this.#bytes < this.#packedFrom) return;
    try {
      this.#path = packRecording(this.#path);
    } catch (error) {
      this.#options.notice(`the recording ${this.#path} is complete, but it cannot be packed: ${diskErrorText(error)}`);
    }
  }

  /** The size of the file on disk. */
  get sizeOnDisk(): number {
    return this.#file === undefined ? this.#bytes : fstatSync(this.#file).size;
  }

  #moment(sign: RecordedSign): RecordedMoment {
    if (sign === "<" && this.#inPiece) return "together";
    if (sign === "<" && this.#inTurn) return "same turn";
    // The wall clock may be set back meanwhile; times in a recording do not go back.
    this.#last = Math.max(this.#last, realClock.now() - this.start);
    return this.#last;
  }

  /**
   * What arrives before the client has done anything else is in one piece; what arrives before the event loop
   * has finished looking for messages, in the same turn.
   */
  #beginPiece(): void {
    if (!this.#inPiece) {
      this.#inPiece = true;
      queueMicrotask(() => {
        this.#inPiece = false;
      });
    }
    if (this.#inTurn) return;
    this.#inTurn = true;
    realClock.turn(() => {
      this.#inTurn = false;
    });
  }

  #message(line: string): string {
    const safe = this.#options.redaction.apply(line.replace(/[\r\n]/g, " "));
    return safe.startsWith("describing ") ? this.#described(safe) : moveTime(safe, -this.start);
  }

  /** Writes a description once, before the line that names it. */
  #described(line: string): string {
    const [, specifier = "", json = ""] = /^describing (\S*) (.*)$/s.exec(line) ?? [];
    try {
      const hash = jsonHash(json);
      if (!this.#descriptions.has(hash)) {
        this.#options.redaction.described(json);
        this.#text += `#description ${hash}\n${prettyJson(json)}#end\n`;
        this.#descriptions.add(hash);
      }
      return `describing ${specifier} @${hash}`;
    } catch {
      // A line that is not JSON stays as the node sent it.
      return line;
    }
  }

  #end(notice: string): void {
    this.#text = "";
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
    this.#options.notice(notice);
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
