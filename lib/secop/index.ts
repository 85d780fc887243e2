/**
 * The SECoP client: one node, its parameters and commands, as values instead of messages.
 *
 * From below: `values`, `description`, `wire`, `link`, `cache`; `client` puts them together. It knows neither
 * devices nor plans. Begin reading with `client`. These names are public.
 */

export type { Cache, CacheItem, Update, UpdateQueue } from "./cache/index";
export { type DescriptionChange, SecopClient } from "./client";
export type { ClientLog, ClientOptions } from "./clientOptions";
export type {
  Accessible,
  CommandDescription,
  Meaning,
  ModuleDescription,
  NodeDescription,
  ParameterDescription,
  SystemDescription,
} from "./description/index";
export { parseDescription } from "./description/index";
export type { ClientState, RequestOptions } from "./link/index";
export type { CheckedValue } from "./nodeRequests";
export type { RemoteLogLevel, RemoteLogMessage } from "./remoteLog";
export type {
  ArrayInfo,
  BlobInfo,
  BoolInfo,
  CommandInfo,
  Datainfo,
  DoubleInfo,
  EnumInfo,
  IntInfo,
  Matrix,
  MatrixData,
  MatrixInfo,
  ModuleStatus,
  ScaledInfo,
  StatusGroup,
  StringInfo,
  StructInfo,
  TupleInfo,
  UnknownInfo,
} from "./values/index";
export { isBusy, isDriving, moduleStatus, STATUS, statusGroup } from "./values/index";
export { DEFAULT_PORT, type DiscoveredNode, type DiscoverOptions, discoverNodes } from "./wire/index";
