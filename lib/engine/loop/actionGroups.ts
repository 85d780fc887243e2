/**
 * Actions under way, by group: what `set`, `trigger`, `stage` ... start and `wait` waits for. An action that is done when it comes
 * leaves no trace here, so waiting for it costs nothing.
 */
import type { Msg } from "../../core/protocols/msg";
import type { StatusLike } from "../../core/protocols/protocols";
import { FailedStatus } from "../planErrors";

/** One action of a plan on a device. */
export interface Action {
  readonly status: StatusLike;
  /** The message that started it. */
  readonly msg: Msg;
  /** Its failure is no news any more: it was stopped by us, the plan is being ended, or another of its group failed before. */
  pardoned: boolean;
}

interface Group {
  /** Those that are not done. */
  readonly actions: Action[];
  /** Told when none is left. */
  onDone: (() => void) | null;
}

export class Groups {
  readonly #groups = new Map<unknown, Group>();
  readonly #onFailure: (error: FailedStatus, group: unknown) => void;
  #closed = false;

  constructor(onFailure: (error: FailedStatus, group: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Adds what `msg` started, to the group it names. A failure is told once per group. */
  add(status: StatusLike, msg: Msg): Action {
    const action: Action = { status, msg, pardoned: false };
    if (status.done) {
      if (!status.success) this.#failed(action);
      return action;
    }
    const group = groupOf(msg);
    const members = this.#groups.get(group) ?? { actions: [], onDone: null };
    this.#groups.set(group, members);
    members.actions.push(action);
    status.addCallback(() => this.#finished(action, members));
    return action;
  }

  /** The actions of a group that are not done; none for an unknown group. */
  open(group: unknown): readonly Action[] {
    return this.#groups.get(group)?.actions ?? [];
  }

  /** All actions under way. */
  *allOpen(): Generator<Action> {
    for (const members of this.#groups.values()) yield* members.actions;
  }

  /** Resolves when nothing of `group` is under way. */
  whenDone(group: unknown): Promise<void> {
    return new Promise((resolve) => {
      const members = this.#groups.get(group);
      if (!members) resolve();
      else members.onDone = resolve;
    });
  }

  /** Takes an action out of its group without waiting for it; how it ends concerns nobody any more. */
  pardon(action: Action): void {
    action.pardoned = true;
    const group = groupOf(action.msg);
    const members = this.#groups.get(group);
    const at = members?.actions.indexOf(action) ?? -1;
    if (!members || at < 0) return;
    members.actions.splice(at, 1);
    this.#close(group, members);
  }

  /** How what is under way ends is no news any more, since the plan is being ended; it can still be waited for. */
  pardonAll(): void {
    for (const action of this.allOpen()) action.pardoned = true;
  }

  /** After the end of the call: failures are nobody's business. */
  close(): void {
    this.#closed = true;
    this.#groups.clear();
  }

  #finished(action: Action, members: Group): void {
    const at = members.actions.indexOf(action);
    if (at < 0 || this.#closed) return;
    if (!action.status.success && !action.pardoned) {
      this.#failed(action);
      return;
    }
    members.actions.splice(at, 1);
    this.#close(groupOf(action.msg), members);
  }

  #close(group: unknown, members: Group): void {
    if (members.actions.length > 0) return;
    if (this.#groups.get(group) === members) this.#groups.delete(group);
    members.onDone?.();
  }

  /** A group fails once: what else is in it goes on, but nobody waits for it or hears of its end. */
  #failed(action: Action): void {
    const { msg, status } = action;
    const group = groupOf(msg);
    const members = this.#groups.get(group);
    this.#groups.delete(group);
    for (const other of members?.actions ?? []) other.pardoned = true;
    members?.onDone?.();
    const value = msg.command === "set" ? msg.args[0] : undefined;
    this.#onFailure(new FailedStatus(msg.command, msg.obj, value, status.exception()), group);
  }
}

/** No group is a group, too. */
const groupOf = (msg: Msg): unknown => msg.kwargs.group ?? null;
