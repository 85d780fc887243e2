/** Connections that were lost and are being made again, whatever control system they belong to. */

import { inspect } from "node:util";
import { UsageError } from "../../errors";

/** A connection that is lost at present. */
export interface LostConnection {
  /** The other end of the connection, such as `localhost:10767` or `BL:TEMP`. */
  readonly place: string;
  /** Why it was lost, in words. */
  readonly reason: string;
  /** When it was lost, in Unix seconds. */
  readonly since: number;
  /** Resolves when the connection is there again. Never rejects. */
  readonly restored: Promise<void>;
}

/** A device that may lose its connection. */
export interface MayLoseConnection {
  /** The connection that is lost now; undefined while all are there, and if there was never one. */
  lostConnection(): LostConnection | undefined;
  /**
   * Resolves if the other end of the connection answers, within a few seconds. Asked when a request was not
   * answered in time, which a pulled cable causes as well as a slow device. Default: not asked.
   */
  pingConnection?(): Promise<unknown>;
}

/** The lost connection of a device; undefined if none is lost, or if this is not a device. */
export function lostConnectionOf(device: unknown): LostConnection | undefined {
  const { lostConnection } = (device ?? {}) as Partial<MayLoseConnection>;
  return typeof lostConnection === "function" ? lostConnection.call(device) : undefined;
}

/**
 * What a plan does when a device that it uses is gone: a pulled cable, a node or an IOC that restarts.
 * - `fail`: it fails at once
 * - `wait`: it is held until the device is back, and then measures the point again; it fails if that takes
 *   longer than the limit, by default 30 s
 * - `suspend`: the same, but it waits for ever unless there is a limit
 */
export type DisconnectPolicy =
  | "fail"
  | "wait"
  | "suspend"
  | {
      readonly policy: "wait" | "suspend";
      /** Seconds until the plan fails. */
      readonly limit: number;
    };

/** Seconds that a plan waits for a device by default. */
export const DISCONNECT_LIMIT = 30;

/** The seconds for which a plan waits: 0 to fail at once, Infinity to wait for ever. */
export function disconnectLimit(policy: DisconnectPolicy): number {
  if (typeof policy === "object") return policy.limit;
  if (policy === "fail") return 0;
  return policy === "wait" ? DISCONNECT_LIMIT : Number.POSITIVE_INFINITY;
}

/** @throws UsageError unless the value is a policy. */
export function checkDisconnectPolicy(policy: unknown): void {
  const { policy: name, limit } = (typeof policy === "object" && policy !== null ? policy : { policy, limit: 1 }) as {
    readonly policy?: unknown;
    readonly limit?: unknown;
  };
  const isKnown = name === "wait" || name === "suspend" || policy === "fail";
  if (isKnown && typeof limit === "number" && limit > 0) return;
  throw new UsageError(
    `onDisconnect is "fail", "wait", "suspend" or { policy: "wait", limit: 60 } (seconds), not ${inspect(policy)}`,
  );
}
