export type { Cache } from "./cache/cache";
export type { UpdateQueue } from "./cache/updateQueue";
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
export type {
  Accessible,
  CommandDescription,
  Meaning,
  ModuleDescription,
  NodeDescription,
  ParameterDescription,
  SystemDescription,
} from "./description/description";
export { parseDescription } from "./description/parseDescription";
export type { Matrix, MatrixData } from "./values/codecFor";
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
} from "./values/datainfo";
export {
  isBusy,
  isDriving,
  type ModuleStatus,
  moduleStatus,
  STATUS,
  type StatusGroup,
  statusGroup,
} from "./values/moduleStatus";
export { type DiscoveredNode, type DiscoverOptions, discoverNodes } from "./wire/discoverNodes";
export { DEFAULT_PORT } from "./wire/uri";
