/**
 * Values of parameters: their datainfo, and the codecs that convert them between JavaScript and the wire.
 *
 * This chapter uses the ground floor only. Begin reading with `datainfo`, then `codecFor`; the codecs of
 * each type are in `codecs/`, with the words for values out of range in `codecs/codec`.
 */

export { type Codec, codecFor, type Matrix, type MatrixData } from "./codecFor";
export { shown } from "./codecs/index";
export {
  type ArrayInfo,
  type BlobInfo,
  type BoolInfo,
  type CommandInfo,
  type Datainfo,
  type DoubleInfo,
  type EnumInfo,
  type IntInfo,
  isWideInt,
  type MatrixInfo,
  parseCommandInfo,
  parseDatainfo,
  type ScaledInfo,
  type StringInfo,
  type StructInfo,
  type TupleInfo,
  type UnknownInfo,
} from "./datainfo";
export { datainfoUnit } from "./datainfoUnit";
export { asObject } from "./jsonFields";
export {
  isBusy,
  isDriving,
  type ModuleStatus,
  moduleStatus,
  STATUS,
  type StatusGroup,
  statusGroup,
} from "./moduleStatus";
export { plainestValue, plainestWireValue } from "./plainestValue";
export { physicalLimits } from "./scale";
