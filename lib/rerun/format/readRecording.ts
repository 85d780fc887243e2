/** Reads and checks recordings. */

// Nothing in them is executed: they are messages, times and remarks.

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { diskErrorText } from "../../disk";
import { UsageError } from "../../errors";
import { withoutByteOrderMark } from "../../json";
import { oneLine } from "../../printable";
import { compactJson, jsonHash } from "./descriptionText";
import { RECORDED_LINE, RECORDING_HEAD, type RecordedLine, type RecordedSign } from "./recordedLine";

/** A recording that was checked. */
export interface Recording {
  /** The name of the file, for messages. */
  readonly name: string;
  /** Unix time in whole seconds, to which all times in the recording are relative. */
  readonly start: number;
  /** The seed of the random numbers of the process. */
  readonly seed: number;
  /** The program that recorded. */
  readonly client: string;
  readonly lines: readonly RecordedLine[];
  /** The addresses of its nodes, in the order of the first connections. */
  readonly nodes: readonly string[];
  /** The descriptions, compact, by their hash. */
  readonly descriptions: ReadonlyMap<string, string>;
  /** Whether the last line or description is not complete: the process was killed, or the disk was full. */
  readonly cutOff: boolean;
  /** Whether values were redacted. */
  readonly redacted: readonly string[];
  /** Values that the notebook was given, by name. */
  readonly parameters: ReadonlyMap<string, unknown>;
}

/** The most text that a recording may have: V8's longest string is twice as long. Bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads a recording (`.rec`, or packed as `.rec.gz`). A large one was packed at its end: then its path is
 * also that without `.gz`. @throws UsageError with the line that is wrong
 */
export function readRecording(path: string): Recording {
  let bytes: Buffer;
  try {
    const packed = `${path}.gz`;
    bytes = readFileSync(!existsSync(path) && existsSync(packed) ? packed : path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new UsageError(`cannot read the recording ${path}: ${whyUnreadable(error)}`, { cause: error });
  }
  if (bytes.length > MOST_BYTES) throw new UsageError(`${path} is too long for a recording: ${bytes.length} bytes`);
  return parseRecording(bytes.toString("utf8"), basename(path));
}

function whyUnreadable(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "ERR_BUFFER_TOO_LARGE")
    return `it is too long: unpacked it has more than ${MOST_BYTES / 1024 / 1024} MB`;
  if (code === "Z_BUF_ERROR") return "the packed file was cut off";
  return code.startsWith("Z_") ? "the packed file is damaged" : diskErrorText(error);
}

/** Windows, git and editors may have put a mark before the text, and CR before each line end. */
function withoutEditorMarks(text: string): string {
  const unmarked = withoutByteOrderMark(text);
  return unmarked.includes("\r\n") ? unmarked.replaceAll("\r\n", "\n") : unmarked;
}

/** Parses the text of a recording. @throws UsageError with the line that is wrong */
export function parseRecording(content: string, name = "recording"): Recording {
  const text = withoutEditorMarks(content);
  const first = text.slice(0, text.indexOf("\n") < 0 ? 80 : text.indexOf("\n"));
  if (first !== RECORDING_HEAD) {
    const version = /^#secop-recording (\S+)$/.exec(first)?.[1];
    if (version !== undefined)
      throw new UsageError(`${name} is a recording of format ${oneLine(version)}: this version reads format 1`);
    throw new UsageError(`${name} is not a recording: its first line is not "${RECORDING_HEAD}"`);
  }
  return new RecordingParser(text, name).parse();
}

/** An entry anywhere in a text; no line of a description looks like one. */
const ENTRY = /^ *(?:\d+\.\d{3}|=)? \d+ [+!><*-]/m;

class RecordingParser {
  readonly #text: string;
  readonly #name: string;
  readonly #header = new Map<string, string>();
  readonly #lines: RecordedLine[] = [];
  readonly #nodes: string[] = [];
  readonly #descriptions = new Map<string, string>();
  readonly #redacted: string[] = [];
  /** Connections that were opened and have not ended. */
  readonly #open = new Set<number>();
  #no = 1;
  #last = 0;
  /** Whether the text ends within a description. */
  #cutOff = false;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  parse(): Recording {
    const end = this.#text.lastIndexOf("\n") + 1;
    let at = this.#text.indexOf("\n") + 1;
    while (at < end) {
      const next = this.#text.indexOf("\n", at);
      this.#no += 1;
      const line = this.#text.slice(at, next);
      at = line.startsWith("#description ") ? this.#description(line, next + 1) : next + 1;
      if (line.startsWith("#")) this.#remark(line);
      else if (line !== "") this.#add(line);
    }
    const start = Number(/^\d+/.exec(this.#header.get("start") ?? "")?.[0]);
    if (!(start > 0 && start < 1e11)) throw this.#wrong(1, "it has no #start with the time of the recording");
    return {
      name: this.#name,
      start,
      seed: Number(/^\d+$/.exec(this.#header.get("seed") ?? "")?.[0] ?? 0),
      client: oneLine(this.#header.get("client") ?? ""),
      lines: this.#lines,
      nodes: this.#nodes,
      descriptions: this.#descriptions,
      cutOff: this.#cutOff || end < this.#text.length,
      redacted: this.#redacted,
      parameters: this.#parameters(),
    };
  }

  #parameters(): ReadonlyMap<string, unknown> {
    const text = this.#header.get("parameters");
    if (text === undefined) return new Map();
    try {
      return new Map(Object.entries(JSON.parse(text) as object));
    } catch (error) {
      throw this.#wrong(1, `its #parameters are not JSON: ${(error as Error).message}`);
    }
  }

  #remark(line: string): void {
    const [, key, value] = /^#(\w+) (.*)$/.exec(line) ?? [];
    if (key === "redacted") this.#redacted.push(value ?? "");
    else if (key !== undefined && key !== "description") this.#header.set(key, value ?? "");
  }

  /** Reads the description whose head is `line`. @returns where the text goes on */
  #description(line: string, from: number): number {
    const hash = line.slice("#description ".length);
    const end = this.#text.indexOf("\n#end\n", from - 1);
    if (end < 0) {
      const isLast = !ENTRY.test(this.#text.slice(from));
      if (!isLast) throw this.#wrong(this.#no, `the description ${oneLine(hash)} has no #end`);
      this.#cutOff = true;
      return this.#text.length;
    }
    const json = this.#text.slice(from, end + 1);
    const place = this.#no;
    this.#no += json.split("\n").length;
    let found: string;
    try {
      found = jsonHash(json);
    } catch {
      throw this.#wrong(place, `the description ${oneLine(hash)} is not JSON`);
    }
    if (found !== hash) {
      const words = `the description was changed by hand: its hash is ${found}, not ${oneLine(hash)}`;
      throw this.#wrong(place, words);
    }
    this.#descriptions.set(hash, compactJson(json));
    return end + "\n#end\n".length;
  }

  #add(line: string): void {
    const match = RECORDED_LINE.exec(line);
    if (!match) {
      const shown = oneLine(line.slice(0, 40));
      throw this.#wrong(this.#no, `"${shown}" is not an entry: expected "<seconds> <connection> > <message>"`);
    }
    const [, time, number, sign, rest = ""] = match;
    const together = time === undefined;
    const sameTurn = time === "=";
    const at = together || sameTurn ? this.#last : Number(time);
    if (at < this.#last) throw this.#wrong(this.#no, `time goes back from ${this.#last} s to ${at} s`);
    if ((together || sameTurn) && this.#lines.length === 0) throw this.#wrong(this.#no, "the first entry has no time");
    this.#last = at;
    const connection = Number(number);
    const entry: RecordedLine = {
      at,
      connection,
      sign: sign as RecordedSign,
      text: this.#message(rest),
      no: this.#no,
      together,
      sameTurn,
    };
    this.#checkConnection(entry);
    this.#lines.push(entry);
  }

  /** The message with its description, where the recording only names that. */
  #message(text: string): string {
    if (!text.startsWith("describing ")) return text;
    const [, specifier = "", hash] = /^describing (\S*) @(\w+)$/.exec(text) ?? [];
    if (hash === undefined) return text;
    const description = this.#descriptions.get(hash);
    if (description === undefined) throw this.#wrong(this.#no, `there is no description ${hash} above`);
    return `describing ${specifier} ${description}`;
  }

  #checkConnection({ connection, sign, text }: RecordedLine): void {
    if (sign === "*" || sign === "!") {
      if (connection !== 0) throw this.#wrong(this.#no, `an entry with ${sign} belongs to no connection: expected 0`);
    } else if (sign === "+") {
      if (connection < 1 || this.#open.has(connection))
        throw this.#wrong(this.#no, `connection ${connection} is open already`);
      if (text === "") throw this.#wrong(this.#no, "the address of the node is missing");
      this.#open.add(connection);
    } else if (!this.#open.has(connection)) {
      throw this.#wrong(this.#no, `connection ${connection} is not open`);
    } else if (sign === "-") this.#open.delete(connection);
    const node = sign === "+" || sign === "!" ? text.split(" ", 1)[0] : undefined;
    if (node !== undefined && !this.#nodes.includes(node)) this.#nodes.push(node);
  }

  #wrong(no: number, what: string): UsageError {
    return new UsageError(`${this.#name}:${no}: ${what}`);
  }
}
