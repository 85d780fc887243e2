/**
 * The values of Tango attributes and commands, between the wire and TypeScript.
 *
 * This chapter uses `giop/` for the types on the wire, and never a connection. `deviceIdl` writes down the
 * interface of a device, `basicTypes` and `numberTypes` are the table of Tango's basic types, and
 * `attributeConversion` and `commandArgument` build on it. `tangoDatatype` holds the datatypes that users
 * write. Begin reading with `attributeConversion`.
 */

export { type AttributeConversion, attributeConversion, attributeUnit } from "./attributeConversion";
export { CmdArgType, MisfitError } from "./basicType";
export { type CommandArgument, commandArgumentOf, type TangoNumbersAndStrings } from "./commandArgument";
export { DEV_STATES, type DevState } from "./deviceIdl";
export type { TangoBlob } from "./pipeValue";
export {
  expectDatatype,
  initialTangoValue,
  type TangoArrayDatatype,
  type TangoDatatype,
  type TangoEncoded,
  type TangoScalarDatatype,
  type TangoValue,
} from "./tangoDatatype";
export { rangeText, tangoValueText } from "./valueText";
