/** What a plan does when a device that it uses is gone: it waits for the device, by the policy. */

import { timeNow } from "../../clock";
import {
  type DisconnectPolicy,
  disconnectLimit,
  type LostConnection,
  type MayLoseConnection,
} from "../../core/protocols/lostConnection";
import type { Msg } from "../../core/protocols/msg";
import { formatTime } from "../../display/time";
import { errorText, isLostInFlight } from "../../errors";
import { afterSeconds, inTime } from "../../timeLimit";
import type { Settings } from "../engineSettings";
import { ConnectionLost, deviceName } from "../planErrors";
import type { Suspension } from "../suspend/suspension";

/** A device that is gone, or may be. */
interface GoneDevice {
  /** Of the device, for messages. */
  readonly name: string;
  readonly owner: MayLoseConnection;
  /** Its connection; undefined if it may be there, so that it has to be asked. */
  readonly lost: LostConnection | undefined;
  /** Seconds that the plan waits for it. */
  readonly limit: number;
}

/** Seconds between two questions whether a device answers. */
const PAUSE = 0.5;

export class Disconnections {
  /** Messages whose actions failed because their device is gone; they start again with the plan. */
  readonly failed: Msg[] = [];
  readonly #settings: Pick<Settings, "onDisconnect">;
  /** Shows the user that the plan waits. */
  readonly #show: (suspension: Suspension) => void;
  /** Connections that came back: if a message fails in spite of that, waiting does not help. */
  readonly #restored = new WeakSet<LostConnection>();
  /**
   * Messages that are done again because one connection of several was lost under them, or because their
   * device fell silent. Once is enough: a device that is slow for so long would be set again and again.
   */
  readonly #doneAgain = new WeakSet<Msg>();
  /** Ends what still waits at the end of the call. */
  readonly #closed = new AbortController();
  #cancels: (() => void)[] = [];

  constructor(settings: Pick<Settings, "onDisconnect">, show: (suspension: Suspension) => void) {
    this.#settings = settings;
    this.#show = show;
  }

  /**
   * The suspension that holds the plan after a message has failed; undefined if its device is not gone, or if
   * the policy is to fail.
   */
  suspensionFor(msg: Msg, error: unknown): Suspension | undefined {
    // A plan may yield anything. If it is not a message, there is no device that could be gone.
    if (!Array.isArray((msg as Msg | undefined)?.args)) return undefined;
    for (const object of [msg.obj, ...msg.args]) {
      const gone = this.#goneOf(object, error, msg);
      if (gone) return gone.limit > 0 ? this.#suspension(gone, error, msg) : undefined;
    }
    return undefined;
  }

  /** The call is over. */
  close(): void {
    this.#closed.abort();
    for (const cancel of this.#cancels) cancel();
  }

  #goneOf(object: unknown, error: unknown, msg: Msg): GoneDevice | undefined {
    let limit: number | undefined;
    let owner: MayLoseConnection | undefined;
    for (const each of withParents(object)) {
      limit ??= each.onDisconnect && disconnectLimit(each.onDisconnect);
      if (typeof each.lostConnection === "function") owner ??= each as MayLoseConnection;
    }
    if (!owner) return undefined;
    const lost = owner.lostConnection();
    const mayBeGone = (isTimeout(error) || isLostInFlight(error)) && !this.#doneAgain.has(msg);
    const isGone = lost ? !this.#restored.has(lost) : mayBeGone && owner.pingConnection !== undefined;
    if (!isGone) return undefined;
    return { name: deviceName(object), owner, lost, limit: limit ?? disconnectLimit(this.#settings.onDisconnect) };
  }

  #suspension({ name, owner, lost, limit }: GoneDevice, error: unknown, msg: Msg): Suspension {
    const since = lost?.since ?? timeNow();
    const place = lost && lost.place !== name ? ` (${lost.place})` : "";
    const isEndless = limit === Number.POSITIVE_INFINITY;
    let failure: unknown;
    const late = new Promise<void>((resolve) => {
      if (isEndless) return;
      const giveUp = () => {
        failure = new ConnectionLost(
          lost
            ? `${name}${place} is gone since ${formatTime(since)}, and did not come back within ${limit} s: ${errorText(error)}`
            : `${name} has not answered since ${formatTime(since)}, for more than ${limit} s: ${errorText(error)}`,
          { cause: error },
        );
        resolve();
      };
      this.#cancels.push(afterSeconds(limit, giveUp, { idle: true }));
    });
    const work = async (): Promise<void> => {
      if (lost) {
        await this.#allRestored(owner);
      } else if (await answers(owner)) {
        // A device that is there has lost the connection of this request only, or is slow: that is the plan's
        // concern.
        if (isLostInFlight(error)) this.#doneAgain.add(msg);
        else failure = error;
      } else {
        this.#show(suspension);
        await this.#returned(owner);
        this.#doneAgain.add(msg);
      }
    };
    const suspension: Suspension = {
      // Silence may also mean that the device is slow: only a lost connection shows that it is gone.
      justification: lost ? `${name}${place} is gone: ${lost.reason}` : `${name} does not answer: ${errorText(error)}`,
      until: `when it is back${isEndless ? "" : `, and fails if that takes longer than ${limit} s`}`,
      since,
      released: Promise.race([work(), late]),
      failure: () => failure,
    };
    if (lost) this.#show(suspension);
    return suspension;
  }

  /** A motor has a connection for each of its PVs, which come back one after the other. */
  async #allRestored(owner: MayLoseConnection): Promise<void> {
    for (let lost = owner.lostConnection(); lost && !this.#restored.has(lost); lost = owner.lostConnection()) {
      await lost.restored;
      this.#restored.add(lost);
    }
  }

  /** Resolves when the connection was lost and made again, or when the device answers again. */
  async #returned(owner: MayLoseConnection): Promise<void> {
    const { signal } = this.#closed;
    do {
      if (owner.lostConnection()) {
        await this.#allRestored(owner);
        return;
      }
      await inTime(new Promise(() => {}), PAUSE, signal);
    } while (!signal.aborted && !(await answers(owner)));
  }
}

interface MayBeGone extends Partial<MayLoseConnection> {
  readonly onDisconnect?: DisconnectPolicy;
  readonly parent?: unknown;
}

/** A device and what it belongs to: a command of a module has no connection of its own. */
function* withParents(object: unknown): Generator<MayBeGone> {
  const seen = new Set<unknown>();
  for (let each = object; typeof each === "object" && each !== null && !seen.has(each); ) {
    seen.add(each);
    yield each;
    each = (each as MayBeGone).parent;
  }
}

function answers(owner: MayLoseConnection): Promise<boolean> {
  return Promise.resolve(owner.pingConnection?.()).then(
    () => true,
    () => false,
  );
}

/** Whether something was not answered in time, by the error or its causes. */
function isTimeout(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (each.name === "TimeoutError") return true;
  return false;
}
