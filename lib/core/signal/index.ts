/**
 * Signals: the values and commands of devices, each in front of a backend that speaks to a control system.
 *
 * `signal` has the classes and `signalBackend` the interface that a control system implements. Soft signals
 * keep their value in memory, derived signals compute it from others, and mocks stand in for hardware in
 * tests. This chapter uses `device`, `status` and `protocols`. Begin reading with `signal`.
 */

export { Connector, type ConnectorParts } from "./connector";
export { DerivedAxis } from "./derivedAxis";
export { type DerivedOptions, derivedSignalR, derivedSignalRw } from "./derivedSignal";
export { SubsetEnum, SupersetEnum, subsetEnum, supersetEnum } from "./enumTypes";
export { type MockCall, mockCalls } from "./mockCalls";
export { callbackOnMockExecute, MockCommand, mockExecutions, registerMock } from "./mockCommand";
export {
  callbackOnMockPut,
  isMocked,
  mockFollows,
  mockPuts,
  mockPutsBlocked,
  setMockPrecision,
  setMockPutProceeds,
  setMockUnits,
  setMockValue,
  setMockValues,
} from "./mockSignal";
export {
  type Match,
  type ObserveOptions,
  observeSignals,
  observeValue,
  type SignalValue,
  waitForValue,
} from "./observe";
export type { Locatables, RawMember, RawMembers, RawValue, ValuesOf } from "./rawMember";
export { type SetAndWaitOptions, setAndWaitForOtherValue, setAndWaitForValue } from "./setAndWait";
export { Signal, SignalR, SignalRW, SignalW, SignalX, thenSync } from "./signal";
export type { DataKeyBody, Field, PutOptions, ReadOptions, Settle, SignalBackend } from "./signalBackend";
export { SignalConnector, type SignalConnectorParts } from "./signalConnector";
export { type ArgumentGiven, SoftCommand, type SoftCommandOptions, softCommand } from "./softCommand";
export { SoftSignalBackend, type SoftSignalOptions, softSignalRAndSetter, softSignalRw } from "./softSignal";
export type { Transform } from "./transformation";
export { type Watch, type WatchOptions, watch } from "./watch";
