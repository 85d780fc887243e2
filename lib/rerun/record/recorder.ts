/** Records what this process says to its SEC nodes and hears from them, in the order in which it does. */

// Only the client knows the order over its two connections, and which lines it saw at once.

import { currentHost } from "../../display/host";
import { UsageError } from "../../errors";
import { isReplaying, type Journal, useJournal } from "../../journal";
import { checkOptions, type OptionNames } from "../../options";
import { oneLine } from "../../printable";
import { freshSeed, seedRandom } from "../../randomSource";
import { nodeKey } from "../../secop/wire/nodeKey";
import { type OpenTransport, renewConnections, useTransport } from "../../secop/wire/transport/index";
import { parseUri } from "../../secop/wire/uri";
import { addSeconds } from "../format/nodeTimes";
import { JOINED } from "../format/recordedLine";
import { JoinedNodes } from "./joinedNodes";
import { RecordingFile } from "./recordingFile";
import { Redaction } from "./redaction";

export interface RecordOptions {
  /** Values that are left out: `module:parameter`, `*:parameter`, `module:*`. */
  readonly redact?: readonly string[];
  /** The addresses of the nodes that are recorded. Default: all. */
  readonly nodes?: readonly string[];
  /** Shows what the user should know. Default: console.warn. */
  readonly notice?: (text: string) => void;
  /** The folder for runs instead of one that a notebook names. Default: that one. */
  readonly runsFolder?: (dir: string) => string;
  /** The program that records, with its version. */
  readonly client?: string;
  /** Values that the notebook was given (`run -p`), by name: a replay gives them again. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const RECORD_OPTIONS: OptionNames<RecordOptions> = {
  redact: true,
  nodes: true,
  notice: true,
  runsFolder: true,
  client: true,
  parameters: true,
};

/** A recording under way. */
export interface RunningRecording {
  /** Its file; a recording of 5 MB and more is packed when it ends, and `.gz` is added. */
  readonly path: string;
  /** How many bytes it has. */
  readonly bytes: number;
  /** Whether it is being written: false once it was closed, or the disk was full. */
  readonly isOpen: boolean;
  /** Whether nodes were connected before it began: what was set by then is in it as values only. */
  readonly isLate: boolean;
  /** Resolves when those nodes are connected again, which takes 5 s at most. */
  readonly ready: Promise<void>;
  /** Adds a remark of the user. */
  mark(text: string): void;
  /** Ends the recording. */
  close(): void;
}

/** The reason of a connection that this process ended. */
export const BY_CLIENT = "by the client";

let running: RunningRecording | undefined;

/** The recording of this process; undefined if there is none. */
export const currentRecording = (): RunningRecording | undefined => running;

/**
 * Records every SEC node of this process from now on. Nodes that are connected already connect again, so that
 * the recording begins with their descriptions and values.
 *
 * @throws UsageError if a recording or a replay runs already, or the file cannot be written
 */
export function startRecording(path: string, options: RecordOptions = {}): RunningRecording {
  checkOptions("startRecording", options, RECORD_OPTIONS);
  if (running) throw new UsageError(`${running.path} is being recorded: end it first (%record off)`);
  if (isReplaying()) throw new UsageError("nothing can be recorded while a recording is replayed: %replay off first");
  const { redact = [], nodes, notice = (text: string) => console.warn(text) } = options;
  // A wrong address would record nothing.
  for (const node of nodes ?? []) parseUri(node);
  const redaction = new Redaction(redact, notice);
  const seed = freshSeed();
  const file = new RecordingFile({
    path,
    client: options.client ?? "secop-lab",
    seed,
    parameters: options.parameters,
    redaction,
    notice,
  });
  seedRandom(seed);
  const joined = new JoinedNodes();
  const missing = new Map(nodes?.map((uri) => [nodeKey(uri), uri]));
  const wanted = nodes && new Set(missing.keys());
  const stops = [
    useTransport((open) => recorded(open, file, { wanted, missing, joined })),
    useJournal({ ...journalOf(file), ...(options.runsFolder && { runsFolder: options.runsFolder }) }),
    currentHost().onShutdown(() => recording.close()),
  ];
  const recording: RunningRecording = {
    get path() {
      return file.path;
    },
    get bytes() {
      return file.bytes;
    },
    get isOpen() {
      return file.isOpen;
    },
    get isLate() {
      return joined.any;
    },
    ready: joined.ready,
    mark: (text) => file.add(0, "*", `mark ${text}`),
    close: () => {
      if (running !== recording) return;
      running = undefined;
      for (const stop of stops) stop();
      file.close();
      for (const uri of missing.values())
        notice(`${oneLine(uri)} was not connected: the recording ${file.path} has nothing of it`);
    },
  };
  running = recording;
  joined.expect(renewConnections((uri) => !wanted || wanted.has(nodeKey(uri))));
  if (recording.isLate) file.add(0, "*", JOINED);
  return recording;
}

function journalOf(file: RecordingFile): Journal {
  return {
    arrival: () => file.arrival,
    mark: (words) => file.add(0, "*", words),
    number: (words, value) => {
      file.add(0, "*", `${words} = ${value}`);
      return value;
    },
    time: (words, value) => {
      file.add(0, "*", `${words} @ ${addSeconds(String(value), -file.start)}`);
      return value;
    },
  };
}

interface RecordedNodes {
  /** The keys of the nodes that are recorded; undefined for all. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** Those of them that were not connected so far. */
  readonly missing: Map<string, string>;
  readonly joined: JoinedNodes;
}

/** Opens connections as `open` does, and records them. */
function recorded(open: OpenTransport, file: RecordingFile, { wanted, missing, joined }: RecordedNodes): OpenTransport {
  let count = 0;
  return async (address, events, signal) => {
    if (wanted && !wanted.has(nodeKey(address.text))) return open(address, events, signal);
    let connection = 0;
    let ended = false;
    const end = (reason: string) => {
      if (connection > 0 && !ended) file.add(connection, "-", reason);
      ended = true;
    };
    const seen = {
      line: (line: string) => {
        file.add(connection, "<", line);
        events.line(line);
        if (line === "active") joined.connected(address.text);
      },
      problem: events.problem,
      closed: (reason: string) => {
        end(reason);
        events.closed(reason);
      },
    };
    try {
      const transport = await open(address, seen, signal);
      connection = ++count;
      missing.delete(nodeKey(address.text));
      file.add(connection, "+", address.text);
      return {
        send: (line) => {
          if (!ended) file.add(connection, ">", line);
          transport.send(line);
        },
        close: () => {
          end(BY_CLIENT);
          transport.close();
        },
      };
    } catch (error) {
      const { code = "CommunicationFailed", message = String(error) } = error as { code?: string; message?: string };
      if (!signal.aborted) file.add(0, "!", `${address.text} ${code} ${message}`);
      throw error;
    }
  };
}
