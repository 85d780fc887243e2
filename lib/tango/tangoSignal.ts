import { SignalR, SignalRW, SignalW, SignalX } from "../core/signal/signal";
import type { SignalBackend } from "../core/signal/signalBackend";
import type { Access } from "./link/attributeLink";
import type { TangoPolling } from "./link/poll";
import { parseMember } from "./link/trl";
import { TangoCommand } from "./tangoCommand";
import { TangoSignalBackend } from "./tangoSignalBackend";
import { TriggerBackend } from "./triggerBackend";
import type { TangoDatatype, TangoValue } from "./values/tangoDatatype";

/** Options of signals that are read. */
export interface TangoSignalOptions {
  /** How the attribute is followed while somebody subscribes. Default: every 0.1 s, any change is told. */
  readonly polling?: TangoPolling;
}

/**
 * An attribute that is read: `tangoSignalR(Number, "lab/cryo/1/temperature")`. With `null` the type is the attribute's own.
 *
 * Reading asks the device itself; subscriptions are served from the polling buffer of its server where there is one. A value whose
 * quality is ALARM, WARNING or INVALID has `alarm_severity` 2, 1 or -1. Connecting rejects where the device does not answer, or the
 * attribute holds something else than `datatype`.
 */
export function tangoSignalR<const D extends TangoDatatype | null>(
  datatype: D,
  trl: string,
  options: TangoSignalOptions = {},
): SignalR<TangoValue<D>> {
  return new SignalR(backend(datatype, trl, trl, "read", options));
}

/** An attribute that is read and set, or two: where `writeTrl` is given, that one takes the setpoint. */
export function tangoSignalRw<const D extends TangoDatatype | null>(
  datatype: D,
  readTrl: string,
  writeTrl: string = readTrl,
  options: TangoSignalOptions = {},
): SignalRW<TangoValue<D>> {
  return new SignalRW(backend(datatype, readTrl, writeTrl, "both", options));
}

/** An attribute that is only set. */
export function tangoSignalW<const D extends TangoDatatype | null>(datatype: D, trl: string): SignalW<TangoValue<D>> {
  return new SignalW(backend(datatype, trl, trl, "write", {}));
}

/** A command without an argument; `trigger()` is done when the device has answered. Its result is dropped. */
export function tangoSignalX(trl: string): SignalX {
  return new SignalX(new TriggerBackend(new TangoCommand<undefined, unknown>(trl)));
}

function backend<D>(
  datatype: TangoDatatype | null,
  readTrl: string,
  writeTrl: string,
  access: Access,
  { polling = {} }: TangoSignalOptions,
): SignalBackend<TangoValue<D>> {
  return new TangoSignalBackend({
    read: parseMember(readTrl),
    write: parseMember(writeTrl),
    datatype,
    access,
    polling,
  });
}
