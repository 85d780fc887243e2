/** Actions under way, by group: what `set`, `trigger`, `stage` ... start and `wait` waits for. */

// An action that is done when it is added is not kept, so waiting for it costs nothing.

import type { Msg } from "../../core/protocols/msg";
import type { StatusLike } from "../../core/protocols/protocols";
import { FailedStatus } from "../planErrors";

/** An action that a plan started on a device. */
export interface DeviceAction {
  readonly status: StatusLike;
  /** The message that started it. */
  readonly msg: Msg;
  /** Set if we caused the failure (by a stop or by ending the plan), or reported one of its group before. */
  failureIgnored: boolean;
}

interface ActionGroup {
  /** Actions that are not done. */
  readonly actions: DeviceAction[];
  /** Called when no action is left. */
  onDone: (() => void) | undefined;
}

/** Resolves when an action succeeds; rejects with its error when it fails. */
export function endOf(status: StatusLike): Promise<void> {
  return new Promise((resolve, reject) => {
    status.addCallback(({ success }) => (success ? resolve() : reject(status.exception())));
  });
}

export class ActionGroups {
  readonly #groups = new Map<unknown, ActionGroup>();
  readonly #onFailure: (error: FailedStatus, group: unknown, msg: Msg) => void;
  /** The message that started an action, and the newest action of a message: it may be done again. */
  readonly #messages = new WeakMap<StatusLike, Msg>();
  readonly #newest = new WeakMap<Msg, StatusLike>();
  #closed = false;

  /** `onFailure` is called for the first failure in each group. */
  constructor(onFailure: (error: FailedStatus, group: unknown, msg: Msg) => void) {
    this.#onFailure = onFailure;
  }

  /** Adds the action that `msg` started to the group that it names. */
  add(status: StatusLike, msg: Msg): void {
    const action: DeviceAction = { status, msg, failureIgnored: false };
    if (status.done) {
      if (!status.success) this.#failed(action);
      return;
    }
    this.#messages.set(status, msg);
    this.#newest.set(msg, status);
    const key = groupOf(msg);
    const group = this.#groups.get(key) ?? { actions: [], onDone: undefined };
    this.#groups.set(key, group);
    group.actions.push(action);
    status.addCallback(() => this.#finished(action, group));
  }

  /** The actions of a group that are not done; none for an unknown group. */
  open(group: unknown): readonly DeviceAction[] {
    return this.#groups.get(group)?.actions ?? [];
  }

  /** The status that replaces this one, if its message was done again after a pause; else the same. */
  newest(status: StatusLike): StatusLike {
    const msg = this.#messages.get(status);
    return (msg && this.#newest.get(msg)) ?? status;
  }

  /** All actions under way. */
  *allOpen(): Generator<DeviceAction> {
    for (const group of this.#groups.values()) yield* group.actions;
  }

  /** Resolves when no action of `key` is under way. */
  whenDone(key: unknown): Promise<void> {
    return new Promise((resolve) => {
      const group = this.#groups.get(key);
      if (!group) resolve();
      else group.onDone = resolve;
    });
  }

  /** Takes an action out of its group: nothing waits for it any more, and its failure is ignored. */
  abandon(action: DeviceAction): void {
    action.failureIgnored = true;
    const key = groupOf(action.msg);
    const group = this.#groups.get(key);
    const at = group?.actions.indexOf(action) ?? -1;
    if (!group || at < 0) return;
    group.actions.splice(at, 1);
    this.#closeIfDone(key, group);
  }

  /**
   * The plan is being ended: failures of the actions under way are ignored, but the plan can still wait for
   * them.
   */
  ignoreFailures(): void {
    for (const action of this.allOpen()) action.failureIgnored = true;
  }

  /** The call is over: nothing waits for the actions under way, and their failures are ignored. */
  close(): void {
    this.#closed = true;
    this.#groups.clear();
  }

  #finished(action: DeviceAction, group: ActionGroup): void {
    const at = group.actions.indexOf(action);
    if (at < 0 || this.#closed) return;
    if (!action.status.success && !action.failureIgnored) {
      this.#failed(action);
      return;
    }
    group.actions.splice(at, 1);
    this.#closeIfDone(groupOf(action.msg), group);
  }

  #closeIfDone(key: unknown, group: ActionGroup): void {
    if (group.actions.length > 0) return;
    if (this.#groups.get(key) === group) this.#groups.delete(key);
    group.onDone?.();
  }

  /**
   * A group fails once. Its other actions go on, but nothing waits for them and their failures are ignored.
   */
  #failed(action: DeviceAction): void {
    const { msg, status } = action;
    const key = groupOf(msg);
    const group = this.#groups.get(key);
    this.#groups.delete(key);
    for (const other of group?.actions ?? []) other.failureIgnored = true;
    group?.onDone?.();
    const value = msg.command === "set" ? msg.args[0] : undefined;
    this.#onFailure(new FailedStatus(msg.command, msg.obj, value, status.exception()), key, msg);
  }
}

/** Messages without a group form a group, too: `null`. */
const groupOf = (msg: Msg): unknown => msg.kwargs.group ?? null;
