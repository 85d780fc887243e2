/** The functions that make signals of Tango attributes and commands. */

import { SignalR, SignalRW, SignalW, SignalX } from "../core/signal/signal";
import type { SignalBackend } from "../core/signal/signalBackend";
import { checkOptions } from "../options";
import { CommandTriggerBackend } from "./commandTriggerBackend";
import type { TangoEvent } from "./link/attributeEvents";
import type { AttributeAccess } from "./link/attributeLink";
import type { TangoPolling } from "./link/poll";
import { parseAttribute } from "./link/trl";
import { TangoCommand } from "./tangoCommand";
import { TangoSignalBackend } from "./tangoSignalBackend";
import type { TangoDatatype, TangoValue } from "./values/tangoDatatype";

/** Options of signals that are read. */
export interface TangoSignalOptions {
  /**
   * How the attribute is polled while the signal has subscribers. Default: every 0.1 s, reporting every
   * change.
   */
  readonly polling?: TangoPolling;
  /**
   * The events that the signal follows instead of polling while it has subscribers: each value that the
   * device pushes arrives, however short it lasts. Default: "change" if the device pushes it and `polling` is
   * not given. False: none. If the device does not send the events that are asked for, this is reported, and
   * the attribute is polled.
   */
  readonly events?: TangoEvent | false;
}

/**
 * A signal that reads an attribute: `tangoSignalR(Number, "lab/cryo/1/temperature")`. With `null` it takes
 * the attribute's own type.
 *
 * Readings come from the device itself. Subscriptions follow change events if the device sends them, and else
 * poll, using the polling buffer of its server if there is one. A value with quality ALARM, WARNING or
 * INVALID has `alarm_severity` 2, 1 or -1. Connecting rejects if the device does not answer, or if the
 * attribute does not hold a `datatype`.
 */
export function tangoSignalR<const D extends TangoDatatype | null>(
  datatype: D,
  trl: string,
  options: TangoSignalOptions = {},
): SignalR<TangoValue<D>> {
  return new SignalR(backend(datatype, trl, trl, "read", options));
}

/** A signal that reads and sets an attribute. If `writeTrl` is given, that attribute takes the setpoint. */
export function tangoSignalRw<const D extends TangoDatatype | null>(
  datatype: D,
  readTrl: string,
  writeTrl: string = readTrl,
  options: TangoSignalOptions = {},
): SignalRW<TangoValue<D>> {
  return new SignalRW(backend(datatype, readTrl, writeTrl, "both", options));
}

/** A signal that only sets an attribute. */
export function tangoSignalW<const D extends TangoDatatype | null>(datatype: D, trl: string): SignalW<TangoValue<D>> {
  return new SignalW(backend(datatype, trl, trl, "write", {}));
}

/**
 * A command without an argument; `trigger()` resolves when the device has answered. The result is ignored.
 */
export function tangoSignalX(trl: string): SignalX {
  return new SignalX(new CommandTriggerBackend(new TangoCommand<undefined, unknown>(trl)));
}

function backend<D>(
  datatype: TangoDatatype | null,
  readTrl: string,
  writeTrl: string,
  access: AttributeAccess,
  options: TangoSignalOptions,
): SignalBackend<TangoValue<D>> {
  checkOptions("a Tango signal", options, { polling: true, events: true });
  return new TangoSignalBackend({
    read: parseAttribute(readTrl),
    write: parseAttribute(writeTrl),
    datatype,
    access,
    polling: options.polling,
    events: options.events,
  });
}
