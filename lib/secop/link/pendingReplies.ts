// Which reply belongs to which request: SECoP has no message ids.

/** A request that was sent and is owed a reply. */
export interface PendingReply {
  readonly action: string;
  readonly specifier: string;
  /** Told the reply; undefined once the caller went away (deadline, abort), while the node still owes the reply. */
  settle: ((reply: Reply) => void) | undefined;
}

export interface Reply {
  /** `reply`, `changed`, ..., `error_read`, ... */
  readonly action: string;
  readonly specifier: string;
  /** The JSON text; undefined if absent. */
  readonly json: string | undefined;
}

/** The action of the request a reply answers. */
const REQUEST_OF: ReadonlyMap<string, string> = new Map([
  ["describing", "describe"],
  ["active", "activate"],
  ["inactive", "deactivate"],
  ["pong", "ping"],
  ["reply", "read"],
  ["changed", "change"],
  ["done", "do"],
  ["checked", "check"],
  ["logging", "logging"],
  ["helping", "help"],
]);

/**
 * The requests a node owes a reply, matched by (action, specifier), first in first out. A reply goes to the oldest
 * request it fits even if nobody waits for that one any more: else a late reply would be taken for the next one's.
 */
export class PendingReplies<T extends PendingReply> {
  readonly #byKey = new Map<string, T[]>();

  add(pending: T): void {
    const key = `${pending.action} ${pending.specifier}`;
    const queue = this.#byKey.get(key);
    if (queue) queue.push(pending);
    else this.#byKey.set(key, [pending]);
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  /** The oldest request of its kind somebody waits for; it stays owed its reply. */
  waiting(action: string, specifier: string): T | undefined {
    return this.#byKey.get(`${action} ${specifier}`)?.find((pending) => pending.settle);
  }

  /** Takes the request a message answers out; undefined if it answers none. */
  take(action: string, specifier: string): T | undefined {
    const request = REQUEST_OF.get(action);
    if (request !== undefined) return this.#takeFor(request, specifier);
    if (!action.startsWith("error_")) return undefined;
    const refused = action.slice("error_".length);
    return this.#takeFor(refused, specifier) ?? (isRequest(refused) ? undefined : this.#takeOnly());
  }

  /** Takes one out whose reply is not expected any more. */
  remove(pending: T): void {
    const key = `${pending.action} ${pending.specifier}`;
    const left = this.#byKey.get(key)?.filter((other) => other !== pending) ?? [];
    if (left.length > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
  }

  /** Takes all out. */
  clear(): T[] {
    const all = [...this.#byKey.values()].flat();
    this.#byKey.clear();
    return all;
  }

  #takeFor(request: string, specifier: string): T | undefined {
    return (
      this.#shift(`${request} ${specifier}`) ??
      // extra parts of a specifier are to be ignored
      this.#shift(`${request} ${specifier.split(":", 2).join(":")}`) ??
      this.#takeLoosely(request, specifier)
    );
  }

  /**
   * For a shortened specifier (`reply cryo`, a bare `active`), one that was lost (`error_read `), and `describing .`.
   */
  #takeLoosely(request: string, specifier: string): T | undefined {
    const prefix = specifier === "" || request === "describe" ? `${request} ` : `${request} ${specifier}:`;
    for (const key of this.#byKey.keys()) if (key.startsWith(prefix)) return this.#shift(key);
    return undefined;
  }

  /** An error whose action is no request's is a mangled echo: it can only be told whose if there is one. */
  #takeOnly(): T | undefined {
    const [key, ...others] = this.#byKey.keys();
    return key === undefined || others.length > 0 || (this.#byKey.get(key)?.length ?? 0) > 1
      ? undefined
      : this.#shift(key);
  }

  #shift(key: string): T | undefined {
    const queue = this.#byKey.get(key);
    const oldest = queue?.shift();
    if (queue?.length === 0) this.#byKey.delete(key);
    return oldest;
  }
}

const REQUESTS = new Set(REQUEST_OF.values());

function isRequest(action: string): boolean {
  return REQUESTS.has(action);
}
