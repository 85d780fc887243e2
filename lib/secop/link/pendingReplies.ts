/** Matches replies with their requests, since SECoP has no message ids. */

/** A request that was sent and is owed a reply. */
export interface PendingReply {
  readonly action: string;
  readonly specifier: string;
}

/** The action of the request that a reply answers. */
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
 * The requests to which a node owes a reply, matched by action and specifier, first in first out. A reply
 * goes to the oldest request that it fits, even if its caller no longer waits: otherwise a late reply would
 * be taken for the reply to the next request.
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

  /** The requests of a kind, the oldest first; undefined for none. */
  alike(action: string, specifier: string): readonly T[] | undefined {
    return this.#byKey.get(`${action} ${specifier}`);
  }

  /** Removes and returns the request that a message answers; undefined if it answers none. */
  take(action: string, specifier: string): T | undefined {
    const request = REQUEST_OF.get(action);
    if (request !== undefined) return this.#takeFor(request, specifier);
    if (action === "error") return this.#takeOf(specifier) ?? this.#takeOnly();
    if (!action.startsWith("error_")) return undefined;
    const refused = action.slice("error_".length);
    return this.#takeFor(refused, specifier) ?? (isRequest(refused) ? undefined : this.#takeOnly());
  }

  /** Removes a request whose reply is not expected any more. */
  remove(pending: T): void {
    const key = `${pending.action} ${pending.specifier}`;
    const left = this.#byKey.get(key)?.filter((other) => other !== pending) ?? [];
    if (left.length > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
  }

  /** All requests, those of the same kind in their order. */
  get all(): T[] {
    return [...this.#byKey.values()].flat();
  }

  /** Removes and returns all requests. */
  clear(): T[] {
    const { all } = this;
    this.#byKey.clear();
    return all;
  }

  #takeFor(request: string, specifier: string): T | undefined {
    return (
      this.#shift(`${request} ${specifier}`) ??
      // The spec demands that extra parts of a specifier are ignored.
      this.#shift(`${request} ${specifier.split(":", 2).join(":")}`) ??
      this.#takeLoosely(request, specifier)
    );
  }

  /**
   * Finds the request for a reply with a shortened specifier (`reply cryo`, `active`), without one
   * (`error_read `), and for `describing .` and `active .`.
   */
  #takeLoosely(request: string, specifier: string): T | undefined {
    const isWhole = specifier === "" || specifier === "." || request === "describe";
    const prefix = isWhole ? `${request} ` : `${request} ${specifier}:`;
    for (const key of this.#byKey.keys()) if (key.startsWith(prefix)) return this.#shift(key);
    return undefined;
  }

  /** The oldest request with this specifier, whatever its action: old nodes answer with a bare `error`. */
  #takeOf(specifier: string): T | undefined {
    const key = Array.from(this.#byKey.keys()).find((one) => one.endsWith(` ${specifier}`));
    return key === undefined || specifier === "" ? undefined : this.#shift(key);
  }

  /**
   * The only request, if there is just one: otherwise an error that echoes an unknown action cannot be
   * assigned.
   */
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
