/** The journal of the process: what happened besides the messages of nodes, in order. */

// A recording keeps it, and a replay reads it back.

import { timeNow } from "./clock";
import { UsageError } from "./errors";

/** What a recording or a replay does with an entry. */
export interface Journal {
  /** Something begins or ends here, for example a cell. */
  mark(words: string): void;
  /** A number that the process cannot find again by itself, such as the number of a run. */
  number(words: string, value: number): number;
  /** A Unix time that must be the same to the last digit, such as that of a document. */
  time(words: string, value: number): number;
  /** The recorded arrival time of the message that is being handled. Unix time. Default: now. */
  arrival?(): number;
  /** In a replay: resolves at the place of these words in the recording. */
  reached?(words: string): Promise<void>;
  /** Whether recorded messages replace the hardware. */
  readonly replays?: boolean;
  /** The folder for runs instead of `dir`: replayed runs are never kept among measured ones. */
  runsFolder?(dir: string): string;
}

// A workspace may load its own copy of this package: all copies share the journal.
const KEY: unique symbol = Symbol.for("secop-lab.journal") as never;
type Global = { [KEY]?: { current: Journal | undefined } };
(globalThis as Global)[KEY] ??= { current: undefined };
const shared = (globalThis as Global)[KEY] as { current: Journal | undefined };

/** The arrival time of the message that is being handled, for values without their own time. Unix time. */
export function arrivalTime(): number {
  return shared.current?.arrival?.() ?? timeNow();
}

/** Whether there is a journal: then what happens must not depend on how busy the computer is. */
export function isJournaled(): boolean {
  return shared.current !== undefined;
}

/** Whether recorded messages replace the hardware. */
export function isReplaying(): boolean {
  return shared.current?.replays ?? false;
}

/**
 * Refuses to connect to hardware whose messages are not recorded. `what` names it, for example "the EPICS PV
 * x".
 *
 * @throws UsageError in a replay
 */
export function refuseInReplay(what: string): void {
  if (isReplaying())
    throw new UsageError(`${what} is not connected in a replay: only SEC nodes are recorded and replayed`);
}

/** Enters that something begins or ends here. */
export function journalMark(words: string): void {
  shared.current?.mark(words);
}

/** The mark of the cell in which a replay begins. */
export const REPLAY_BEGINS = "replay begins";

/** The mark of an interrupt by the user. A replay interrupts the running cells at the same place. */
export const INTERRUPT_MARK = "interrupted";

/** What a replay calls the end of work that takes real time. */
export const REACHED = "reached";

/**
 * Enters that work has ended that takes real time, such as the compilation of a cell. A replay waits until
 * the recording has come to this place.
 */
export function journalReached(words: string): Promise<void> | undefined {
  const journal = shared.current;
  if (journal?.reached) return journal.reached(`${REACHED} ${words}`);
  journal?.mark(`${REACHED} ${words}`);
  return undefined;
}

/** Enters a number. @returns it or, in a replay, the number that was recorded at this place */
export function journalNumber(words: string, value: number): number {
  return shared.current ? shared.current.number(words, value) : value;
}

/** Enters a Unix time. @returns it or, in a replay, the time that was recorded at this place */
export function journalTime(words: string, value: number): number {
  return shared.current ? shared.current.time(words, value) : value;
}

/** The folder for runs that belongs to `dir`: another one in a replay. */
export function runsFolder(dir: string): string {
  return shared.current?.runsFolder?.(dir) ?? dir;
}

/** Replaces the current journal, with none for undefined. @returns a function that puts the old one back */
export function useJournal(journal: Journal | undefined): () => void {
  const before = shared.current;
  shared.current = journal;
  return () => {
    if (shared.current === journal) shared.current = before;
  };
}
