export type { Cache } from "./cache";
export {
  type CacheItem,
  type CheckedValue,
  type ClientLog,
  type ClientOptions,
  type ClientState,
  type DescriptionChange,
  type RemoteLogLevel,
  type RemoteLogMessage,
  type RequestOptions,
  SecopClient,
  type Update,
} from "./client";
export type { Matrix, MatrixData } from "./codec";
export type {
  ArrayInfo,
  BlobInfo,
  BoolInfo,
  CommandInfo,
  Datainfo,
  DoubleInfo,
  EnumInfo,
  IntInfo,
  MatrixInfo,
  ScaledInfo,
  StringInfo,
  StructInfo,
  TupleInfo,
  UnknownInfo,
} from "./datainfo";
export type {
  Accessible,
  CommandDescription,
  Meaning,
  ModuleDescription,
  NodeDescription,
  ParameterDescription,
  SystemDescription,
} from "./description";
export { parseDescription } from "./description";
export { type DiscoveredNode, type DiscoverOptions, discoverNodes } from "./discover";
export { isBusy, isDriving, type ModuleStatus, moduleStatus, STATUS, type StatusGroup, statusGroup } from "./status";
export type { UpdateQueue } from "./updateQueue";
export { DEFAULT_PORT } from "./uri";
