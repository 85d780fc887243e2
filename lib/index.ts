/**
 * The public entry of the package: all that a notebook can import.
 *
 * The index of each folder lists its public names one by one, and its header says where to begin reading;
 * notebook.ts joins the folders. It may use every folder of lib/.
 */

export * from "./codegen/index";
export * from "./core/index";
// As a function for cells; `bps.applySettings` is its form for plans.
export { applySettings } from "./core/index";
export * from "./devices/index";
export * from "./display/index";
export * from "./engine/index";
export * from "./epics/index";
export {
  AbortError,
  BadJSONError,
  CommandRunningError,
  CommunicationFailedError,
  DisabledError,
  errorText,
  HardwareError,
  ImpossibleError,
  InternalError,
  IsBusyError,
  IsErrorError,
  NoSuchCommandError,
  NoSuchModuleError,
  NoSuchParameterError,
  NotCheckableError,
  NotImplementedError,
  OutOfRangeError,
  ProtocolError,
  ReadFailedError,
  ReadOnlyError,
  SecopError,
  type SecopErrorOptions,
  SecopInternalError,
  SecopRangeError,
  SecopTimeoutError,
  secopError,
  UsageError,
  WrongTypeError,
} from "./errors";
export * from "./live/index";
export { createRunEngine, type NotebookOptions } from "./notebook";
export * from "./plans/index";
export * from "./rerun/index";
export * from "./secop/index";
export * from "./sim/index";
export * from "./store/index";
export * from "./tango/index";
