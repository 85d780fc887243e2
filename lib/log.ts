/**
 * The log for looking into things afterwards: one file per directory, shared by all devices that log there, with a line
 * `time LEVEL [namespace] text` (UTC). Rotated every hour, kept for 48 hours. Nothing is created before the first line.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import loglevel from "loglevel";
import { createStream, type RotatingFileStream } from "rotating-file-stream";
import { errorText, UsageError } from "./errors";

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** A text, or a function that makes it if somebody wants it. */
export type LogText = string | (() => string);

/** Writes lines of one namespace, from its level up. */
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
  /** Directory of `secop-lab.log`; default `.secop-lab/` in the working directory. */
  readonly dir?: string;
}

const LEVELS = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error", CRITICAL: "silent" } as const;
const FILE = "secop-lab.log";
const KEEP_HOURS = 48;
const ROTATED = /^secop-lab-\d{8}-\d{2}(-\d+)?\.log$/;

/** @throws UsageError for a level that there is not. */
export function checkLogLevel(level: LogLevel): void {
  if (!Object.hasOwn(LEVELS, level))
    throw new UsageError(`no log level ${JSON.stringify(level)}: use ${Object.keys(LEVELS).join(", ")}`);
}

/** The log of `namespace`; the same namespace and directory again is the same log, with the new level. */
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

/** Writes out and closes all log files; a line written later opens them again. */
export async function closeLogs(): Promise<void> {
  await Promise.all([...sinks.values()].map((sink) => sink.close()));
}

/** For exceptions of code that is not ours in a callback of ours: told where a person looks, but stopping nothing. */
export function reportError(where: string, error: unknown): void {
  console.error(`${where}: ${errorText(error)}`);
}

const WORDS: Readonly<Record<string, string>> = { debug: "DEBUG", info: "INFO", warn: "WARNING", error: "ERROR" };
const UPPER = { DEBUG: "DEBUG", INFO: "INFO", WARNING: "WARN", ERROR: "ERROR", CRITICAL: "SILENT" } as const;

const sinks = new Map<string, Sink>();

function sinkOf(dir: string): Sink {
  const known = sinks.get(dir) ?? new Sink(dir);
  sinks.set(dir, known);
  return known;
}

/** One log file. A directory that cannot be written costs the log, never the experiment. */
class Sink {
  readonly dir: string;
  #stream: RotatingFileStream | null = null;
  #broken = false;

  constructor(dir: string) {
    this.dir = dir;
  }

  write(level: string, namespace: string, text: LogText): void {
    if (this.#broken) return;
    const words = typeof text === "function" ? text() : text;
    const line = `${new Date().toISOString()} ${level} [${escapedBreaks(namespace)}] ${escapedBreaks(words)}\n`;
    this.#stream ??= this.#open();
    this.#stream?.write(line);
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = null;
    if (!stream) return;
    await new Promise<void>((done) => {
      stream.once("close", () => done());
      stream.once("error", () => done());
      stream.end();
    });
  }

  #open(): RotatingFileStream | null {
    try {
      mkdirSync(this.dir, { recursive: true });
      this.#dropOld();
      const stream = createStream(fileName, {
        path: this.dir,
        interval: "1h",
        intervalBoundary: true,
        intervalUTC: true,
      });
      stream.on("error", () => {
        this.#broken = true;
      });
      stream.on("rotated", () => this.#dropOld());
      return stream;
    } catch {
      this.#broken = true;
      return null;
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

/** A line of the log is one entry, whatever a node puts into its strings. */
const escapedBreaks = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, "\\n");
