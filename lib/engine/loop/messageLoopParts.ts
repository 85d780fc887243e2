/** What an execution is made of. */
import type { Msg, Plan } from "../../core/protocols/msg";
import type { StatusLike } from "../../core/protocols/protocols";
import type { Dispatcher } from "../documents/dispatcher";
import type { DocumentName, DocumentTypes } from "../documents/documents";
import type { Metadata, RunEngineState, Settings } from "../engineSettings";
import type { Suspender, Suspension } from "../suspend/suspension";

/** What the engine does for a message, given the execution `E`. */
export interface CommandOf<E> {
  readonly run: (execution: E, msg: Msg) => unknown;
  /** Whether it is done again after a pause if it came after the last checkpoint. */
  readonly replayed: boolean;
}

export interface ExecutionPartsOf<E> {
  readonly plan: Plan;
  /** Name of the plan's function, "" where it is not known. */
  readonly planName: string;
  /** Metadata given with the call. */
  readonly md: Metadata;
  readonly settings: Settings;
  readonly dispatcher: Dispatcher;
  readonly commands: ReadonlyMap<string, CommandOf<E>>;
  readonly installSuspender: (suspender: Suspender) => void;
  readonly removeSuspender: (suspender: Suspender) => void;
  readonly onState: (state: RunEngineState, previous: RunEngineState) => void;
  readonly onWaiting: (statuses: readonly StatusLike[] | null) => void;
  /** Tells the person that something went wrong which doesn't end the plan. */
  readonly report: (text: string, error: unknown) => void;
  /** Tells the person that the plan holds itself. */
  readonly showSuspended: (suspension: Suspension) => void;
  /** Sees every document before the subscribers. */
  readonly record: (name: DocumentName, doc: DocumentTypes[DocumentName]) => void;
}
