/** The raw members of derived signals: signals, and devices that can be located. */

import { type ClockTimer, startTimer, timeNow } from "../../clock";
import type { Locatable, Location, Reading, Readings, SyncOrAsync } from "../protocols/protocols";
import { hasHints, isLocatable, isReadable, isSubscribable } from "../protocols/protocols";
import { SignalR } from "./signal";
import type { ReadOptions } from "./signalBackend";

/** A signal, or a device with a position: a motor, a `StandardMovable`, a Drivable of a SEC node. */
export type RawMember = SignalR | Locatable;
/** The devices that a transformation reads and sets, by the names which its functions use. */
export type RawMembers = Readonly<Record<string, RawMember>>;
/** Members that can all be set. */
export type Locatables = Readonly<Record<string, Locatable>>;

/** The type of the value of a member; for a device, that of its position. */
export type RawValue<M> =
  M extends SignalR<infer T> ? T : M extends { locate(): SyncOrAsync<Location<infer T>> } ? T : never;

/** The values of the members, by the same keys. */
export type ValuesOf<R extends RawMembers> = { readonly [K in keyof R]: RawValue<R[K]> };

/** Seconds between two looks at a device that cannot be subscribed. */
const POLL_PERIOD = 0.1;

/** The readings of all members, by their keys. Rejects if one cannot be read. */
export async function readAll(
  raw: RawMembers,
  options: ReadOptions | undefined,
): Promise<ReadonlyMap<string, Reading>> {
  const entries = Object.entries(raw).map(
    async ([key, member]): Promise<[string, Reading]> => [key, await readMember(member, options)],
  );
  return new Map(await Promise.all(entries));
}

/** The last setpoint of each member; for one that cannot be located, its value. */
export async function setpointsOf<R extends RawMembers>(raw: R): Promise<ValuesOf<R>> {
  const entries = Object.entries(raw).map(async ([key, member]) => {
    if (isLocatable(member)) return [key, (await member.locate()).setpoint] as const;
    return [key, await member.getValue({ cached: true })] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as ValuesOf<R>;
}

/** Calls `fn` with each new reading of a member until the returned function is called. */
export function followMember(member: RawMember, fn: (reading: Reading) => void): () => void {
  if (!isSubscribable(member)) return poll(member, fn);
  const listen = (readings: Readings) => {
    const reading = positionIn(member, readings);
    if (reading) fn(reading);
  };
  member.subscribe(listen);
  return () => member.clearSub(listen);
}

async function readMember(member: RawMember, options: ReadOptions | undefined): Promise<Reading> {
  if (member instanceof SignalR) return Object.values(await member.read(options))[0] as Reading;
  const reading = isReadable(member) ? positionIn(member, await member.read()) : undefined;
  return reading ?? { value: (await member.locate()).readback, timestamp: timeNow() };
}

/** The position among the readings of a member: under its name, or its only hinted reading. */
function positionIn(member: RawMember, readings: Readings): Reading | undefined {
  if (member instanceof SignalR) return Object.values(readings)[0];
  const fields = hasHints(member) ? (member.hints.fields ?? []) : [];
  return readings[member.name] ?? (fields.length === 1 ? readings[fields[0] as string] : undefined);
}

function poll(member: RawMember, fn: (reading: Reading) => void): () => void {
  let timer: ClockTimer | undefined;
  let ended = false;
  const look = async () => {
    const reading = await readMember(member, undefined).catch(
      (error: Error): Reading => ({
        value: null,
        timestamp: timeNow(),
        alarm_severity: -1,
        message: error.message,
      }),
    );
    if (ended) return;
    fn(reading);
    timer = startTimer(POLL_PERIOD, () => void look(), { idle: true });
  };
  void look();
  return () => {
    ended = true;
    timer?.cancel();
  };
}
