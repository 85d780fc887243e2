/** The functions that make signals of EPICS PVs. */

import { SignalR, SignalRW, SignalW, SignalX } from "../../core/signal/signal";
import type { PutOptions } from "../../core/signal/signalBackend";
import type { Status } from "../../core/status/status";
import { checkOptions, type OptionNames } from "../../options";
import { pvAddress } from "../link/pvAddress";
import type { EpicsDatatype, EpicsValue } from "../values/epicsDatatype";
import { EpicsSignalBackend, type PutWait, type PvAccess } from "./epicsSignalBackend";

/** Options of signals that read. */
export interface EpicsReadOptions {
  /**
   * Whether the value is read as the text that the server makes of it: a number with the precision of the
   * record, the label of an enum. The datatype is then `String`, or `Array` for an array. Default false.
   */
  readonly text?: boolean;
  /**
   * For pvAccess: the number of updates that the server may send to a subscriber before it has taken them, so
   * that a fast detector waits for a slow program. Default: any number; the server merges the updates that it
   * cannot send. Servers of pvxs keep back the last updates of a burst with this option.
   */
  readonly pipeline?: number;
}

/** Options of signals that write. */
export interface EpicsPutOptions extends EpicsReadOptions {
  /** Whether a write waits until the record has been processed. Default true. */
  readonly wait?: PutWait;
}

const PUT_OPTIONS: OptionNames<EpicsPutOptions> = { text: true, pipeline: true, wait: true };

/**
 * A signal that reads a PV over Channel Access, `epicsSignalR(Number, "BL:T")` or `"ca://BL:T"`, or over
 * pvAccess: `"pva://BL:T"`. A list of choices makes a union type: `epicsSignalR(["off", "on"], "BL:MODE")`;
 * with `Number` the same PV gives the number of its state. With `null` it takes the PV's own type, and with
 * `String` and `{ text: true }` the text of any PV.
 *
 * A PV without elements reads as "" if it holds strings, as NaN if it holds floats, and rejects otherwise.
 * Connecting rejects if no server answers for the PV, or if the PV does not hold a `datatype`.
 */
export function epicsSignalR<const D extends EpicsDatatype | null>(
  datatype: D,
  pv: string,
  options: EpicsReadOptions = {},
): SignalR<EpicsValue<D>> {
  return new SignalR(backend<D>(datatype, pv, pv, options));
}

/** A signal that reads and writes a PV. If `writePv` is given, that PV takes the setpoint. */
export function epicsSignalRw<const D extends EpicsDatatype | null>(
  datatype: D,
  readPv: string,
  writePv: string = readPv,
  options: EpicsPutOptions = {},
): SignalRW<EpicsValue<D>> {
  return new SignalRW(backend<D>(datatype, readPv, writePv, options));
}

/** A signal that writes `writePv` and reads the PV with the suffix `_RBV`, the convention of areaDetector. */
export function epicsSignalRwRbv<const D extends EpicsDatatype | null>(
  datatype: D,
  writePv: string,
  readSuffix = "_RBV",
  options: EpicsPutOptions = {},
): SignalRW<EpicsValue<D>> {
  return epicsSignalRw(datatype, readbackPv(writePv, readSuffix), writePv, options);
}

/** A signal that only writes a PV. */
export function epicsSignalW<const D extends EpicsDatatype | null>(
  datatype: D,
  pv: string,
  options: EpicsPutOptions = {},
): SignalW<EpicsValue<D>> {
  return new SignalW(backend<D>(datatype, pv, pv, options));
}

/**
 * A signal that writes `value` when it is triggered; `trigger()` resolves when the record has been processed.
 */
export function epicsSignalX(pv: string, value = 1, options: EpicsPutOptions = {}): SignalX {
  checkOptions("an EPICS signal", options, PUT_OPTIONS);
  return new SignalX(new ConstantPutBackend(pv, value, options));
}

/** A backend that always writes the same value. */
class ConstantPutBackend extends EpicsSignalBackend<never> {
  readonly #value: number;

  constructor(pv: string, value: number, access: PvAccess) {
    super(pvAddress(pv), pvAddress(pv), null, access);
    this.#value = value;
  }

  override put(_value: unknown, options?: PutOptions): Status {
    return super.put(this.#value as never, options);
  }
}

function backend<D>(
  datatype: EpicsDatatype | null,
  readPv: string,
  writePv: string,
  options: EpicsPutOptions,
): EpicsSignalBackend<EpicsValue<D>> {
  checkOptions("an EPICS signal", options, PUT_OPTIONS);
  return new EpicsSignalBackend(pvAddress(readPv), pvAddress(writePv), datatype, options);
}

/** The readback PV. The field VAL is left out of its name, so that `X.VAL` has the readback `X_RBV`. */
const readbackPv = (pv: string, suffix: string): string => `${pv.replace(/\.VAL$/, "")}${suffix}`;
