/**
 * SECoP nodes and modules as devices.
 *
 * What a class file imports from "secop-lab" (stable; the generator and these classes agree on it):
 * - `TypedNode`: the node class extends it and has `static override readonly equipmentId: string`,
 *   `static override readonly table: ModuleTable`, `static override readonly classFile: string` and one `declare readonly <member>: <ModuleClass>` per module
 * - `ModuleTable`: rows `[module name, module class, module JSON as in a describe message, description?]`; a description in the row
 *   replaces the one in the JSON, so that modules of one shape share their JSON
 * - one base class per interface class: `ModuleDevice` (none known), `CommunicatorDevice`, `ReadableDevice<V>`, `WritableDevice<V, T = V>`,
 *   `DrivableDevice<V, T = V>`, `AcquisitionControllerDevice<R>`, `AcquisitionChannelDevice<V>`, `AcquisitionDevice<V>`, where V is the type
 *   of `value`, T of `target` and R one of the roles of its channels; members are `declare readonly`
 * - `SignalR<T>`, `SignalRW<T>` (types only) for parameters; `Command<A, R = void>`, `Command0<R = void>` (types only) for commands
 *
 * Member names are those of `memberNames` (lib/secop/description/memberName.ts), for modules and for accessibles.
 * `new X(uri, options)` of a class file is a `SecopNodeDevice`; without one, `new SecopNodeDevice(uri)` has every member untyped.
 */

export type { LogLevel } from "../log";
export {
  AcquisitionChannelDevice,
  AcquisitionControllerDevice,
  AcquisitionDevice,
  type AcquisitionGoals,
} from "./classes/acquisition";
export { CommunicatorDevice } from "./classes/communicatorDevice";
export { DrivableDevice } from "./classes/drivableDevice";
export type { ModuleClass, ModuleTable } from "./classes/makeModule";
export { ReadableDevice } from "./classes/readableDevice";
export { WritableDevice } from "./classes/writableDevice";
export type { Command, Command0, CommandOptions } from "./module/command";
export { type AccessibleMember, ModuleDevice } from "./module/moduleDevice";
export { type DynamicNode, SecopNodeDevice } from "./node/secopNodeDevice";
export { type NodeOptions, TypedNode } from "./node/typedNode";
