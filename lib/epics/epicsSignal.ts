import { SignalR, SignalRW, SignalW, SignalX } from "../core/signal/signal";
import type { PutOptions } from "../core/signal/signalBackend";
import type { Status } from "../core/status/status";
import { UsageError } from "../errors";
import type { EpicsDatatype, EpicsValue } from "./epicsDatatype";
import { EpicsSignalBackend, type PutWait } from "./epicsSignalBackend";

/** Options of signals that are written. */
export interface EpicsPutOptions {
  /** Default true. */
  readonly wait?: PutWait;
}

/**
 * A PV that is read over Channel Access: `epicsSignalR(Number, "BL:T")`. A list of choices makes a union:
 * `epicsSignalR(["off", "on"], "BL:MODE")`. With `null` the type is the PV's own.
 *
 * Connecting rejects where nobody answers for the PV, or where it holds something else than `datatype`.
 */
export function epicsSignalR<const D extends EpicsDatatype | null>(datatype: D, pv: string): SignalR<EpicsValue<D>> {
  return new SignalR(backend<D>(datatype, pv, pv, {}));
}

/** A PV that is read and written, or two: where `writePv` is given, that one takes the setpoint. */
export function epicsSignalRw<const D extends EpicsDatatype | null>(
  datatype: D,
  readPv: string,
  writePv: string = readPv,
  options: EpicsPutOptions = {},
): SignalRW<EpicsValue<D>> {
  return new SignalRW(backend<D>(datatype, readPv, writePv, options));
}

/** `writePv` for the setpoint, and the PV with the suffix `_RBV` (areaDetector's habit) for the readback. */
export function epicsSignalRwRbv<const D extends EpicsDatatype | null>(
  datatype: D,
  writePv: string,
  readSuffix = "_RBV",
  options: EpicsPutOptions = {},
): SignalRW<EpicsValue<D>> {
  return epicsSignalRw(datatype, readbackPv(writePv, readSuffix), writePv, options);
}

/** A PV that is only written. */
export function epicsSignalW<const D extends EpicsDatatype | null>(
  datatype: D,
  pv: string,
  options: EpicsPutOptions = {},
): SignalW<EpicsValue<D>> {
  return new SignalW(backend<D>(datatype, pv, pv, options));
}

/** A PV that sets something off when `value` is written; `trigger()` is done when the record has been processed. */
export function epicsSignalX(pv: string, value = 1, options: EpicsPutOptions = {}): SignalX {
  return new SignalX(new ConstantPutBackend(address(pv), value, options.wait ?? true));
}

/** Writes always the same. */
class ConstantPutBackend extends EpicsSignalBackend<never> {
  readonly #value: number;

  constructor(pv: string, value: number, wait: PutWait) {
    super(pv, pv, null, wait);
    this.#value = value;
  }

  override put(_nothing: unknown, options?: PutOptions): Status {
    return super.put(this.#value as never, options);
  }
}

function backend<D>(
  datatype: EpicsDatatype | null,
  readPv: string,
  writePv: string,
  options: EpicsPutOptions,
): EpicsSignalBackend<EpicsValue<D>> {
  return new EpicsSignalBackend(address(readPv), address(writePv), datatype, options.wait ?? true);
}

/** A field's suffix belongs to the record's name: `X.VAL` reads `X_RBV`. */
const readbackPv = (pv: string, suffix: string): string => `${pv.replace(/\.VAL$/, "")}${suffix}`;

function address(pv: string): string {
  const [, protocol = "ca", name = ""] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(pv) ?? [];
  if (protocol !== "ca")
    throw new UsageError(`cannot use ${pv}: Channel Access is what is spoken here, write ca://${name}`);
  if (!/^[^\s\0]+$/.test(name)) throw new UsageError(`"${pv}" is no name of a PV`);
  return name;
}
