/**
 * Log files, for finding out later what happened: one file in each directory, shared by all devices that log
 * there.
 */

// A line is `time LEVEL [namespace] text`, with the time in UTC. Files are rotated every hour and kept for 48
// hours. Nothing is created before the first line.

import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import loglevel from "loglevel";
import { createStream, type RotatingFileStream } from "rotating-file-stream";
import { errorText, UsageError } from "./errors";
import { printable } from "./printable";

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** A text, or a function that makes it if its level is logged. */
export type LogText = string | (() => string);

/** The log of one namespace: writes lines of its level and above. */
export interface Log {
  readonly enabled: (level: LogLevel) => boolean;
  debug(text: LogText): void;
  info(text: LogText): void;
  warn(text: LogText): void;
  error(text: LogText): void;
  critical(text: LogText): void;
}

export interface LogOptions {
  /** Default INFO. */
  readonly level?: LogLevel;
  /** Directory of `secop-lab.log`. Default: `.secop-lab/` in the working directory. */
  readonly dir?: string;
}

const LEVELS = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error", CRITICAL: "silent" } as const;
const FILE = "secop-lab.log";
const KEEP_HOURS = 48;
const ROTATED = /^secop-lab-\d{8}-\d{2}(-\d+)?\.log$/;

/** @throws UsageError for an unknown level. */
export function checkLogLevel(level: LogLevel): void {
  if (!Object.hasOwn(LEVELS, level)) {
    throw new UsageError(`no log level ${JSON.stringify(level)}: use ${Object.keys(LEVELS).join(", ")}`);
  }
}

/**
 * The log of `namespace`. Opening the same namespace and directory again returns the same log with the new
 * level.
 */
export function openLog(namespace: string, options: LogOptions = {}): Log {
  const level = options.level ?? "INFO";
  checkLogLevel(level);
  const sink = sinkOf(resolve(options.dir ?? ".secop-lab"));
  const logger = loglevel.getLogger(`${sink.dir} ${namespace}`);
  logger.methodFactory = (method) => (text: LogText) => sink.write(WORDS[method] ?? method, namespace, text);
  logger.setLevel(LEVELS[level], false);
  return {
    enabled: (wanted) => loglevel.levels[UPPER[wanted]] >= logger.getLevel(),
    debug: (text) => logger.debug(text),
    info: (text) => logger.info(text),
    warn: (text) => logger.warn(text),
    error: (text) => logger.error(text),
    critical: (text) => sink.write("CRITICAL", namespace, text),
  };
}

/** Writes and closes all log files. A later line opens its file again. */
export async function closeLogs(): Promise<void> {
  await Promise.all([...sinks.values()].map((sink) => sink.close()));
}

/** Shows the user an exception of a callback, where it must not stop anything. */
export function reportError(where: string, error: unknown): void {
  console.error(printable(`${where}: ${errorText(error)}`));
}

const WORDS: Readonly<Record<string, string>> = { debug: "DEBUG", info: "INFO", warn: "WARNING", error: "ERROR" };
const UPPER = { DEBUG: "DEBUG", INFO: "INFO", WARNING: "WARN", ERROR: "ERROR", CRITICAL: "SILENT" } as const;

const sinks = new Map<string, Sink>();

function sinkOf(dir: string): Sink {
  const known = sinks.get(dir) ?? new Sink(dir);
  sinks.set(dir, known);
  return known;
}

/** One log file. If its directory cannot be written there is no log, but everything else goes on. */
class Sink {
  readonly dir: string;
  #stream: RotatingFileStream | undefined;
  #broken = false;

  constructor(dir: string) {
    this.dir = dir;
  }

  write(level: string, namespace: string, text: LogText): void {
    if (this.#broken) return;
    const words = typeof text === "function" ? text() : text;
    const line = `${new Date().toISOString()} ${level} [${oneEntry(namespace)}] ${oneEntry(words)}\n`;
    this.#stream ??= this.#open();
    this.#stream?.write(line);
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    if (!stream) return;
    await new Promise<void>((done) => {
      stream.once("close", () => done());
      stream.once("error", () => done());
      stream.end();
    });
  }

  #open(): RotatingFileStream | undefined {
    try {
      mkdirSync(this.dir, { recursive: true });
      this.#dropOld();
      const stream = createStream(fileName, {
        path: this.dir,
        interval: "1h",
        intervalBoundary: true,
        intervalUTC: true,
        // The lines of an earlier hour, left by an earlier session, get a file of their own.
        initialRotation: true,
      });
      stream.on("error", () => {
        this.#broken = true;
      });
      stream.on("rotated", () => this.#dropOld());
      return stream;
    } catch {
      this.#broken = true;
      return undefined;
    }
  }

  #dropOld(): void {
    const oldest = Date.now() - KEEP_HOURS * 3_600_000;
    for (const name of readdirSync(this.dir)) {
      const path = join(this.dir, name);
      if (ROTATED.test(name) && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest) {
        rmSync(path, { force: true });
      }
    }
  }
}

function fileName(time: number | Date | null, index = 1): string {
  if (time === null) return FILE;
  const [day, hour] = new Date(time).toISOString().replace(/-/g, "").split(/[T:]/);
  return `secop-lab-${day}-${hour}${index > 1 ? `-${index}` : ""}.log`;
}

/**
 * Text without line breaks and escape sequences: each entry of the log is one line, whatever a node sends.
 */
const oneEntry = (text: string): string => printable(text.replace(/[\r\n\u2028\u2029]+/g, "\\n"));
