/** The parts of a message loop. */

import type { Plan } from "../../core/protocols/msg";
import type { StatusLike } from "../../core/protocols/protocols";
import type { CallMetadata } from "../documents/metadata";
import type { EmitDocument } from "../documents/runStreams";
import type { RunEngineState, Settings } from "../engineSettings";
import type { Suspension } from "../suspend/suspension";
import type { EngineCommand } from "./commandContext";
import type { AttachmentTarget } from "./planAttachments";

export interface MessageLoopParts extends AttachmentTarget, CallMetadata {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly commands: ReadonlyMap<string, EngineCommand>;
  readonly emit: EmitDocument;
  readonly onState: (state: RunEngineState, previous: RunEngineState) => void;
  readonly onWaiting: (statuses: readonly StatusLike[] | null) => void;
  /** Called when the plan suspends itself. */
  readonly onSelfSuspended: (suspension: Suspension) => void;
  /** Shows the user a problem that does not end the plan. */
  readonly report: (text: string, ...errors: unknown[]) => void;
}
